// A redis-server of the tests' own, on a free port of this machine, with an append-only file. It can be killed and started again.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** Whether Debian's redis-server is installed. */
export function hasRedis() {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a server whose files are in a folder.
 *
 * @param settings more of its settings, as on its command line.
 * @returns its address without a password, and what kills it and starts it again.
 */
export async function startRedis(folder, settings = []) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const password = settings[settings.indexOf('--requirepass') + 1];
  let child;
  const start = async () => {
    const own = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
    child = spawn('redis-server', [...own, ...kept, ...settings].map(String), { stdio: 'ignore' });
    const client = new Redis(port, '127.0.0.1', {
      ...(settings.includes('--requirepass') ? { password } : {}),
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
    });
    client.on('error', () => {});
    await client.ping();
    client.disconnect();
  };
  const kill = async (signal = 'SIGKILL') => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async (pause = 0) => {
      await kill();
      await wait(pause);
      await start();
    },
  };
}
