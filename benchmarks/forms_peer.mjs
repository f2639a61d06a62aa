// The peer of `forms.py`: ODK Web Forms' engine over jsdom, opening the same forms and giving the same answers.
// node forms_peer.mjs JOB.json OUT.json, in a folder where `npm install @getodk/xforms-engine jsdom` has been run.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const from = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const { JSDOM } = from('jsdom');
const dom = new JSDOM('<!doctype html><html><body></body></html>', { url: 'http://localhost/' });
const given = ['window', 'document', 'Node', 'Element', 'Attr', 'Text', 'Document', 'XMLDocument', 'DOMParser',
  'XMLSerializer', 'XPathResult', 'XPathEvaluator', 'XPathException', 'CDATASection', 'Comment',
  'ProcessingInstruction', 'NodeFilter', 'CharacterData', 'DocumentFragment', 'localStorage', 'Blob', 'File'];
for (const name of given) {
  if (dom.window[name] !== undefined) {
    Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true, writable: true });
  }
}
// its expression parser is built for browsers, and for node only as CommonJS
globalThis.require = from;
globalThis.__dirname = `${process.cwd()}/node_modules/@getodk/xforms-engine/dist`;
const engine = await import(pathToFileURL(`${process.cwd()}/node_modules/@getodk/xforms-engine/dist/index.js`));

const open = async (xml) => {
  const begun = performance.now();
  const created = await engine.createInstance(xml);
  return { root: created.root, ms: performance.now() - begun };
};

const places = (root) => {
  const found = new Map();
  const walk = (node) => {
    found.set(node.currentState.reference, node);
    for (const child of node.currentState.children ?? []) walk(child);
  };
  walk(root);
  return found;
};

const ranges = (root) => {
  const found = new Map();
  const walk = (node) => {
    if (node.nodeType.startsWith('repeat-range')) found.set(node.currentState.reference, node);
    for (const child of node.currentState.children ?? []) walk(child);
  };
  walk(root);
  return found;
};

const answer = (node, text) => {
  if (node.nodeType === 'select') node.selectValues(text === '' ? [] : text.split(' '));
  else if (node.nodeType === 'rank') node.setValues(text.split(' '));
  else node.setValue(text);
};

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const out = [];
for (const form of job) {
  const opened = [];
  for (let round = 0; round < form.rounds; round += 1) opened.push(await open(form.xml));
  const { root } = opened.at(-1);
  let known = places(root);
  const took = [];
  for (const [op, ref, text] of form.steps) {
    if (op === 'add') {
      const range = ranges(root).get(ref);
      const begun = performance.now();
      range.addInstances();
      took.push([op, performance.now() - begun]);
      known = null;
      continue;
    }
    known ??= places(root);
    const node = known.get(ref);
    const begun = performance.now();
    answer(node, text);
    took.push([op, performance.now() - begun]);
  }
  out.push({ name: form.name, open: opened.map(({ ms }) => ms), took, record: root.instanceState.instanceXML });
}
writeFileSync(process.argv[3], JSON.stringify(out));
process.exit(0);
