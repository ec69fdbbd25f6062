/** `click {href, download}`: links to files. */

import { clicked } from "./clicked";

export default clicked(true);
