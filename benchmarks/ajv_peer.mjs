// Ajv over an archive: compiled once, and what it says of each line counted.
//
//     node ajv_peer.mjs MODULE SCHEMA FILE
//
// MODULE is the path of Ajv for JSON Schema 2020-12. Prints the records, how many of them are broken, and the seconds
// from the first byte that was read to the last verdict.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const BLOCK = 1 << 20;
const LINE_END = 10;
const [module, schema, file] = process.argv.slice(2);
const Ajv = createRequire(import.meta.url)(module).default;
const validate = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync(schema, "utf8")));

const start = performance.now();
let records = 0;
let broken = 0;
let buffer = Buffer.allocUnsafe(2 * BLOCK);
let filled = 0;
const input = openSync(file);
for (;;) {
  if (buffer.length - filled < BLOCK) buffer = Buffer.concat([buffer], 2 * buffer.length);
  const size = readSync(input, buffer, filled, BLOCK, null);
  if (size === 0) break;
  filled += size;
  let from = 0;
  for (let end; (end = buffer.subarray(0, filled).indexOf(LINE_END, from)) >= 0; from = end + 1) {
    records += 1;
    if (!validate(JSON.parse(buffer.toString("utf8", from, end)))) broken += 1;
  }
  buffer.copyWithin(0, from, filled);
  filled -= from;
}
closeSync(input);
console.log(JSON.stringify({ records, broken, seconds: (performance.now() - start) / 1000 }));
