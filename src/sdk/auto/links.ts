/** `click {href, outbound}`: links to other sites, but for files, which are `downloads`. */

import { clicked } from "./clicked";

export default clicked(false);
