#!/usr/bin/env node
const { launch, MAIN_FLAGS } = require('./launch.js');

require('node:v8').setFlagsFromString(MAIN_FLAGS);
launch('main').main(require.resolve('./worker.js'));
