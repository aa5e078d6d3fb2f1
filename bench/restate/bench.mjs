// The workflow of five steps of the load generator on Restate: a workflow that calls a service five times, one call after another, each
// with the answer of the one before. Prints one JSON object. Usage: node bench.mjs [--seconds N] [--warm-up N] [--open N] [--runs N]
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createServer as createHttp2 } from 'node:http2';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as restate from '@restatedev/restate-sdk';

// The SDK uses it; Node has it from 22 on.
Promise.withResolvers ??= function () {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const STEPS = 5;
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const payload = { number: 7, ok: true, text: 'x'.repeat(100) };

const worker = restate.service({ name: 'worker', handlers: { step: async (_ctx, given) => ({ ...payload, number: given.number }) } });
const flow = restate.workflow({
  name: 'flow',
  handlers: {
    run: async (ctx, input) => {
      let last = input;
      for (let step = 0; step < STEPS; step++) {
        last = await ctx.serviceClient(worker).step(last);
      }
      return { done: true };
    },
  },
});

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

async function until(what, test) {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    try {
      if (await test()) return;
    } catch {
      // Not there yet.
    }
  }
  throw new Error(`${what} within a minute`);
}

async function start(folder) {
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const program = new URL('node_modules/.bin/restate-server', import.meta.url).pathname;
  const server = spawn(program, ['--no-logo', '--base-dir', folder, '--listen-mode', 'tcp', '--bind-address', `127.0.0.1:${node}`, '--node-name', 'bench', '--log-filter', 'off'], {
    env: {
      PATH: process.env.PATH,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const services = createHttp2(restate.createEndpointHandler({ services: [worker, flow], logger: () => {} })).listen(0, '127.0.0.1');
  await until('the server answers', async () => (await fetch(`http://127.0.0.1:${admin}/health`)).ok);
  await until('the services are registered', async () => (await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${services.address().port}` }),
  })).ok);
  return { url: `http://127.0.0.1:${ingress}`, server, services };
}

let next = 0;
async function run(url) {
  const answer = await fetch(`${url}/flow/run-${next++}/run`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
}

async function rate(url, open, warmUp, seconds) {
  let done = 0;
  let stopping = false;
  let failure;
  const loops = Array.from({ length: open }, async () => {
    while (!stopping) {
      try {
        await run(url);
      } catch (error) {
        failure = error;
        return;
      }
      done++;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, warmUp * 1000));
  const [before, began] = [done, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const perSecond = ((done - before) * STEPS * 1000) / (performance.now() - began);
  stopping = true;
  await Promise.all(loops);
  if (failure) throw failure;
  return perSecond;
}

async function times(url, runs) {
  const samples = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    await run(url);
    samples.push(performance.now() - began);
  }
  samples.sort((a, b) => a - b);
  return { p50: samples[Math.floor(runs / 2)], p99: samples[Math.floor(runs * 0.99)] };
}

const folder = await mkdtemp(join(tmpdir(), 'idflow-bench-restate-'));
const { url, server, services } = await start(folder);
try {
  const stepsPerSecond = await rate(url, option('open', 256), option('warm-up', 3), option('seconds', 5));
  const workflow = await times(url, option('runs', 100));
  console.log(JSON.stringify({ stepsPerSecond, workflow }));
} finally {
  services.close();
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10_000))]);
  server.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
