// A Slurm of one node on this machine, from Debian's slurm-wlm and munge, for as long as a test runs.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './redis.mjs';

/** Whether slurm-wlm and munge are installed, this machine has an address other than loopback, and who asks may start them. */
export function hasSlurm() {
  try {
    execFileSync('slurmctld', ['-V'], { stdio: 'ignore' });
    execFileSync('munged', ['--version'], { stdio: 'ignore' });
    return process.getuid() === 0 && addressOfHost() !== undefined;
  } catch {
    return false;
  }
}

const addressOfHost = () =>
  Object.values(networkInterfaces())
    .flat()
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/**
 * Starts it. slurmd hands a job's tasks to itself by the node's address, which may not be loopback.
 *
 * @param folder where its settings, state and logs go.
 * @param processors what the node is said to have.
 * @returns what its commands find it by, and what ends it.
 */
export async function startSlurm(folder, processors) {
  mkdirSync(`${folder}/state`, { recursive: true });
  mkdirSync(`${folder}/spool`);
  mkdirSync(`${folder}/munge`, { mode: 0o700 });
  writeFileSync(`${folder}/munge/key`, randomBytes(128), { mode: 0o600 });
  const name = hostname().split('.')[0];
  const socket = `${folder}/munge/socket`;
  writeFileSync(
    `${folder}/slurm.conf`,
    `ClusterName=test
SlurmctldHost=${name}(${addressOfHost()})
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
SlurmUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName=${name} NodeAddr=${addressOfHost()} CPUs=${processors} State=UNKNOWN
PartitionName=main Nodes=${name} Default=YES MaxTime=INFINITE State=UP
`,
  );
  const found = { SLURM_CONF: `${folder}/slurm.conf` };
  const env = { ...process.env, ...found };
  const children = [];
  const run = (command, args) => children.push(spawn(command, args, { env, stdio: 'ignore' }));
  const places = ['key-file=key', 'pid-file=pid', 'log-file=log', 'seed-file=seed', 'socket=socket'].map(
    (place) => `--${place.replace('=', `=${folder}/munge/`)}`,
  );
  run('munged', ['--foreground', '--force', ...places]);
  await wait(300);
  run('slurmctld', ['-D']);
  run('slurmd', ['-D', '-N', name]);
  for (let time = 0; ; time++) {
    let state = '';
    try {
      state = execFileSync('sinfo', ['-h', '-o', '%T'], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      // it is not there yet
    }
    if (state === 'idle') break;
    if (time > 150) throw new Error(`Slurm does not start: ${state || 'no answer'}`);
    await wait(200);
  }
  return {
    env: found,
    end: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
