#!/usr/bin/env node
// Conductor's official JavaScript SDK, unmodified, against a running server: node check.mjs URL. Last line `N passed, N failed`.

import { strict as assert } from 'node:assert';
import { NonRetryableException, OrkesClients, simpleTask, switchTask, TaskManager, workflow } from '@io-orkes/conductor-javascript';

const url = process.argv[2];
if (!url) {
  console.error('usage: node check.mjs URL');
  process.exit(2);
}

const silent = { info() {}, error() {}, debug() {} };
const clients = await OrkesClients.from({ serverUrl: `${url}/api`, logger: silent });
const metadata = clients.getMetadataClient();
const executor = clients.getWorkflowClient();
const tasks = clients.getTaskClient();
const events = clients.getEventClient();
const mark = `sdk${Date.now().toString(36)}`;
const name = (text) => `${mark}_${text}`;

async function register(text, ...steps) {
  await metadata.registerWorkflowDef({ ...workflow(name(text), steps), ownerEmail: 'ops@example.com', outputParameters: { last: `\${${steps.at(-1).taskReferenceName}.output.r}` } }, true);
}

async function ended(id) {
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    const run = await executor.getWorkflow(id, true);
    if (!['RUNNING', 'PAUSED'].includes(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`workflow ${id} does not end`);
}

async function withWorkers(workers, work) {
  const manager = new TaskManager(clients.getClient(), workers, { logger: silent, options: { pollInterval: 20, concurrency: 4 } });
  manager.startPolling();
  try {
    return await work();
  } finally {
    await manager.stopPolling();
  }
}

const checks = {
  async 'definitions are registered, read, changed and removed'() {
    await metadata.registerTask({ name: name('t'), retryCount: 1, timeoutSeconds: 60, responseTimeoutSeconds: 30, ownerEmail: 'ops@example.com' });
    await metadata.updateTask({ name: name('t'), retryCount: 5, timeoutSeconds: 60, responseTimeoutSeconds: 30, ownerEmail: 'ops@example.com' });
    assert.equal((await metadata.getTask(name('t'))).retryCount, 5);
    await register('defs', simpleTask('a', name('t'), {}));
    assert.equal((await metadata.getWorkflowDef(name('defs'))).tasks[0].name, name('t'));
    await metadata.unregisterWorkflow(name('defs'), 1);
    await assert.rejects(() => metadata.getWorkflowDef(name('defs')));
    await metadata.unregisterTask(name('t'));
    await assert.rejects(() => metadata.getTask(name('t')));
  },

  async 'workers run the tasks of many workflows, branch by branch'() {
    await register('work', simpleTask('a', name('double'), { n: '${workflow.input.n}' }),
      switchTask('sw', '${workflow.input.kind}', { x: [simpleTask('b', name('double'), { n: '${a.output.r}' })] }), simpleTask('c', name('double'), { n: '${a.output.r}' }));
    const workers = [{ taskDefName: name('double'), execute: async ({ inputData }) => ({ status: 'COMPLETED', outputData: { r: inputData.n * 2 } }) }];
    await withWorkers(workers, async () => {
      const ids = await Promise.all([...Array(20).keys()].map((n) => executor.startWorkflow({ name: name('work'), version: 1, input: { n, kind: n % 2 ? 'x' : 'y' } })));
      const runs = await Promise.all(ids.map(ended));
      runs.forEach((run, n) => {
        assert.equal(run.status, 'COMPLETED');
        assert.equal(run.output.last, n * 4);
        assert.equal(run.tasks.length, n % 2 ? 4 : 3);
      });
    });
  },

  async 'a failing worker is retried, a hopeless one is not'() {
    await metadata.registerTask({ name: name('shaky'), retryCount: 2, retryDelaySeconds: 0, timeoutSeconds: 60, responseTimeoutSeconds: 30, ownerEmail: 'ops@example.com' });
    await metadata.registerTask({ name: name('hopeless'), retryCount: 2, retryDelaySeconds: 0, timeoutSeconds: 60, responseTimeoutSeconds: 30, ownerEmail: 'ops@example.com' });
    await register('shaky', simpleTask('a', name('shaky'), {}));
    await register('hopeless', simpleTask('a', name('hopeless'), {}));
    const workers = [
      { taskDefName: name('shaky'), execute: async (task) => { if (task.retryCount < 2) throw new Error('not yet'); return { status: 'COMPLETED', outputData: { r: task.retryCount } }; } },
      { taskDefName: name('hopeless'), execute: async () => { throw new NonRetryableException('never'); } },
    ];
    await withWorkers(workers, async () => {
      const shaky = await ended(await executor.startWorkflow({ name: name('shaky'), version: 1 }));
      assert.deepEqual([shaky.status, shaky.output.last, shaky.tasks.length], ['COMPLETED', 2, 3]);
      const hopeless = await ended(await executor.startWorkflow({ name: name('hopeless'), version: 1 }));
      assert.deepEqual([hopeless.status, hopeless.tasks.length, hopeless.tasks[0].status], ['FAILED', 1, 'FAILED_WITH_TERMINAL_ERROR']);
      assert.match(hopeless.reasonForIncompletion, /never/);
    });
  },

  async 'an execution is paused, resumed, terminated, restarted, retried and removed'() {
    await register('ops', simpleTask('a', name('manual'), {}));
    const id = await executor.startWorkflow({ name: name('ops'), version: 1, correlationId: name('c') });
    await executor.pause(id);
    assert.equal((await executor.getWorkflowStatus(id, false, false)).status, 'PAUSED');
    await executor.resume(id);
    await executor.terminate(id, 'enough');
    assert.equal((await executor.getWorkflow(id, false)).reasonForIncompletion, 'enough');
    await executor.restart(id, false);
    await executor.updateTaskByRefName('a', id, 'FAILED_WITH_TERMINAL_ERROR', {});
    assert.equal((await ended(id)).status, 'FAILED');
    await executor.retry(id, false);
    const done = await executor.updateTaskSync('a', id, 'COMPLETED', { r: 1 });
    assert.equal(done.status, 'COMPLETED');
    assert.equal((await executor.search(0, 10, `correlationId = '${name('c')}'`, '*')).totalHits, 1);
    await executor.deleteWorkflow(id, false);
    await assert.rejects(() => executor.getWorkflow(id, false, 0));
  },

  async 'a workflow is executed and signalled synchronously'() {
    await metadata.registerWorkflowDef({ name: name('wait'), version: 1, ownerEmail: 'ops@example.com', tasks: [{ name: 'w', taskReferenceName: 'w', type: 'WAIT' }], outputParameters: { got: '${w.output.x}' } }, true);
    const held = await executor.executeWorkflow({ name: name('wait'), version: 1, input: {} }, name('wait'), 1, 'request-1', '', 5, 'DURABLE', 'BLOCKING_TASK');
    assert.deepEqual([held.responseType, held.status, held.referenceTaskName], ['BLOCKING_TASK', 'IN_PROGRESS', 'w']);
    const done = await executor.signal(held.targetWorkflowId, 'COMPLETED', { x: 7 }, 'TARGET_WORKFLOW');
    assert.equal(done.targetWorkflowStatus, 'COMPLETED');
  },

  async 'logs, queues and poll data are read'() {
    await register('log', simpleTask('a', name('logged'), {}));
    const id = await executor.startWorkflow({ name: name('log'), version: 1 });
    const { taskId } = (await executor.getWorkflow(id, true)).tasks[0];
    await tasks.addTaskLog(taskId, 'line one');
    assert.equal((await tasks.getTaskLogs(taskId)).length, 1);
    assert.deepEqual(await tasks.getQueueSizeForTask([name('logged')]), { [name('logged')]: 1 });
    assert.deepEqual(await tasks.getTaskPollData(name('logged')), []);
  },

  async 'a workflow is tested with made-up results'() {
    await register('mock', simpleTask('a', name('never'), {}));
    const run = await executor.testWorkflow({ name: name('mock'), version: 1, input: {}, taskRefToMockOutput: { a: [{ status: 'COMPLETED', output: { r: 3 } }] } });
    assert.deepEqual([run.status, run.output.last], ['COMPLETED', 3]);
  },

  async 'a schedule starts its workflow, is held and removed'() {
    const scheduler = clients.getSchedulerClient();
    await register('timed', simpleTask('a', name('manual'), {}));
    await scheduler.saveSchedule({ name: name('s'), cronExpression: '* * * * * *', startWorkflowRequest: { name: name('timed'), version: 1, correlationId: name('timed') } });
    for (const until = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      if ((await executor.search(0, 10, `correlationId = '${name('timed')}'`, '*')).totalHits > 0) break;
      assert.ok(Date.now() < until, 'the schedule started nothing');
    }
    await scheduler.pauseSchedule(name('s'));
    assert.equal((await scheduler.getSchedule(name('s'))).paused, true);
    await scheduler.resumeSchedule(name('s'));
    assert.equal((await scheduler.getNextFewSchedules('0 0 * * * *', undefined, undefined, 3)).length, 3);
    await scheduler.deleteSchedule(name('s'));
    await assert.rejects(() => scheduler.getSchedule(name('s')));
  },

  async 'an event starts a workflow through its handler'() {
    await register('target', simpleTask('a', name('manual'), {}));
    await metadata.registerWorkflowDef({ name: name('source'), version: 1, ownerEmail: 'ops@example.com', tasks: [{ name: 'e', taskReferenceName: 'e', type: 'EVENT', sink: 'conductor:go', inputParameters: { v: 1 } }] }, true);
    const event = `conductor:${name('source')}:go`;
    await events.addEventHandler({ name: name('h'), event, active: true, actions: [{ action: 'start_workflow', start_workflow: { name: name('target'), version: 1, correlationId: name('caused') } }] });
    assert.equal((await events.getEventHandlersForEvent(event)).length, 1);
    await ended(await executor.startWorkflow({ name: name('source'), version: 1 }));
    for (const until = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      if ((await executor.search(0, 10, `correlationId = '${name('caused')}'`, '*')).totalHits === 1) break;
      assert.ok(Date.now() < until, 'the handler started nothing');
    }
    await events.removeEventHandler(name('h'));
    assert.equal((await events.getEventHandlersForEvent(event)).length, 0);
  },
};

let failed = 0;
for (const [title, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok    ${title}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${title}\n      ${error.stack}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
