#!/usr/bin/env node
// A process that reads a text or two is done before V8 could win back what its better code costs to make.
require('node:v8').setFlagsFromString('--no-regexp-tier-up --no-regexp-optimization');
require('./launch.js').launch('main').main(require.resolve('./worker.js'));
