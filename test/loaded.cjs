// Preloaded: says at the end which of Node's modules were loaded since.
const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const loaded = process.moduleLoadList.filter((each) => !before.has(each));
  require('node:fs').writeSync(2, loaded.join('\n'));
});
