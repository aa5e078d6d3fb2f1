#!/usr/bin/env node
// Compares results with a list of what must pass: node verdict.mjs LIST RESULTS.json... (later results replace earlier ones).
// With UPDATE=1 it writes the list instead. The last line is `N passed, N failed`: entries of the list, by their last result.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [list, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node verdict.mjs LIST RESULTS.json...');
  process.exit(2);
}

/** Both programs' results as [name, outcome]. */
function outcomes(file) {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  return (results.scenarios ?? results).map((result) => [result.name ?? `${result.sdk}#${result.seq}`, result.outcome]);
}

const seen = new Map(files.filter(existsSync).flatMap(outcomes));
const good = (outcome) => outcome === 'passed' || outcome === 'better';
const passing = [...seen].filter(([, outcome]) => good(outcome)).map(([name]) => name);
let expected = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];

if (process.env.UPDATE === '1') {
  writeFileSync(list, [...passing].sort().map((name) => `${name}\n`).join(''));
  console.log(`${list}: ${passing.length} entries (before: ${expected.length})`);
  expected = passing;
}

const failed = expected.filter((name) => !good(seen.get(name)));
const fresh = passing.filter((name) => !expected.includes(name));
for (const name of failed) console.log(`must pass, but ${seen.get(name) ?? 'was not run'}: ${name}`);
for (const name of fresh) console.log(`passes, but does not stand in ${list}: ${name}`);
console.log(`${expected.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
