// Hosts to reach with ssh, each a sshd on an address of its own of this machine (127.0.0.2 and on), with keys of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './redis.mjs';

const SSHD = '/usr/sbin/sshd';

/** Whether Debian's openssh-server and parallel are installed, and who asks may start such a server. */
export function hasHosts() {
  try {
    execFileSync(SSHD, ['-V'], { stdio: 'ignore' });
  } catch (cause) {
    if (cause.code === 'ENOENT') return false; // it knows no -V, and says so with a status
  }
  try {
    execFileSync('parallel', ['--version'], { stdio: 'ignore' });
    return process.getuid() === 0;
  } catch {
    return false;
  }
}

const answers = (port, address) =>
  new Promise((resolve) => {
    const socket = createConnection(port, address);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** All processes below one. */
function below(pid) {
  const parents = new Map();
  for (const each of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      parents.set(
        each,
        readFileSync(`/proc/${each}/stat`, 'latin1')
          .replace(/^.*\) . /s, '')
          .split(' ')[0],
      );
    } catch {
      // it has just ended
    }
  const found = [String(pid)];
  for (const each of found) for (const [child, parent] of parents) if (parent === each) found.push(child);
  return found;
}

/**
 * Starts hosts.
 *
 * @param folder where their keys and settings go.
 * @param names what they are called; ssh knows them by `config`.
 * @param path the PATH of what runs on them.
 */
export async function startHosts(folder, names, path) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync('/run/sshd', { recursive: true });
  const keygen = (name) => execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${folder}/${name}`]);
  keygen('user');
  const port = await freePort();
  const servers = new Map();
  const config = [];
  for (const [index, name] of names.entries()) {
    const address = `127.0.0.${index + 2}`;
    keygen(name);
    writeFileSync(
      `${folder}/${name}.conf`,
      `ListenAddress ${address}\nPort ${port}\nHostKey ${folder}/${name}\nPidFile none\nUsePAM no\nStrictModes no\n` +
        `PermitRootLogin prohibit-password\nAuthorizedKeysFile ${folder}/user.pub\nSetEnv PATH=${path}\nMaxStartups 100\n`,
    );
    config.push(`Host ${name}\n  HostName ${address}`);
    servers.set(name, { address, process: null });
  }
  writeFileSync(
    `${folder}/config`,
    `${config.join('\n')}\nHost *\n  Port ${port}\n  User root\n  IdentityFile ${folder}/user\n  BatchMode yes\n` +
      '  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n',
  );
  const start = async (name) => {
    const server = servers.get(name);
    server.process = spawn(SSHD, ['-D', '-f', `${folder}/${name}.conf`], { stdio: 'ignore' });
    for (let time = 0; !(await answers(port, server.address)); time++) {
      if (time > 100) throw new Error(`the host ${name} does not start`);
      await wait(50);
    }
  };
  /** As if its power went: everything on it ends at once. */
  const kill = (name) => {
    const { process: server } = servers.get(name);
    for (const pid of below(server.pid))
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // it has just ended
      }
  };
  for (const name of names) await start(name);
  return { config: `${folder}/config`, start, kill, end: () => names.forEach(kill) };
}
