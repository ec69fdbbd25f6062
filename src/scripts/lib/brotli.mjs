// Bytes as a server sends them that compresses once and well.

import { brotliCompressSync, constants } from "node:zlib";

export function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}
