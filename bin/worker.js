require('./launch.js').launch('worker');
