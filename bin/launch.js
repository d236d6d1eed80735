const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/**
 * A process that reads a text or two is done before V8 could win back what its better code costs to make: patterns are
 * compiled at once, and simply. (`--no-regexp-tier-up` would say so too, but V8 13 crashes now and then on patterns
 * that ran before it was set.)
 */
exports.MAIN_FLAGS = '--regexp-tier-up-ticks=0 --no-regexp-optimization';

const FOLDER = join(__dirname, '..', 'dist', 'app');
const loaded = new Map();
/** A script that V8 compiled before cannot import of itself. */
const importOutside = (id) => import(id);

/**
 * Runs a bundle with the code that V8 made of it when it was built, where that was by the same Node: compiling would
 * take longer than most adverts do. Node 20 has no compile cache of its own.
 */
exports.launch = (entry) => {
  const load = (file) => {
    const known = loaded.get(file);
    if (known !== undefined) return known.module.exports;
    const filename = join(FOLDER, file);
    const script = new Script(
      `(function (exports, require, module, __filename, importOutside) {${readFileSync(filename, 'latin1')}\n})`,
      {
        filename,
        cachedData: cacheOf(file, entry),
      },
    );
    const module = { exports: {} };
    loaded.set(file, { module, script });
    const inside = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id)); // beside the bundles there is only Node's own
    script.runInThisContext()(module.exports, inside, module, filename, importOutside);
    return module.exports;
  };
  return load(`${entry}.js`);
};

/** Undefined where the build made none. V8 takes none that is another version's. */
function cacheOf(file, entry) {
  try {
    return readFileSync(join(FOLDER, `${file}.${entry}.cache`));
  } catch {
    return undefined;
  }
}

/** For the build: writes what V8 has made of the bundles that this process loaded. */
exports.writeCaches = (entry) => {
  for (const [file, { script }] of loaded)
    writeFileSync(join(FOLDER, `${file}.${entry}.cache`), script.createCachedData());
};
