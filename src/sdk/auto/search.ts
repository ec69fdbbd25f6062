/** `search {search_term}`: pages whose address holds what was searched for here. */

import { onAddress } from "./address";
import type { Part } from "./part";

/** As GA4 has them. */
const PARAMETERS = ["q", "s", "search", "query", "keyword"];

const search: Part = (visit, signal) => {
  let before: string | undefined;
  onAddress(visit, signal, () => {
    const given = new URLSearchParams(location.search);
    const term = PARAMETERS.map((name) => given.get(name)?.trim()).find(Boolean);
    // The next page of the same results is no new search.
    if (term && term != before) visit.track("search", { search_term: term });
    before = term;
  });
};

export default search;
