import { ListQueuesCommand, SQSClient, SQSServiceException } from "@aws-sdk/client-sqs";
import type { RetryStrategyV2 } from "@smithy/types";
import { ConfiguredRetryStrategy } from "@smithy/util-retry";
import { asAwsRetryStrategy, type Planner, type StepFacts, sampling } from "belay-rl/recovery";
import { expect, onTestFinished, test } from "vitest";
import { answer, reset, serving, shortWaits, told } from "./setting.ts";

const throttled = (headers: Record<string, string> = {}) =>
  answer(400, { "content-type": "application/x-amz-json-1.0", ...headers }, '{"__type":"ThrottlingException"}');
const listed = answer(200, { "content-type": "application/x-amz-json-1.0" }, '{"QueueUrls":["one"]}');

function clientOf(planner: Planner, endpoint: string, facts: StepFacts = {}) {
  return clientWith(asAwsRetryStrategy(planner, "queues", facts), endpoint);
}

function clientWith(retryStrategy: RetryStrategyV2, endpoint: string) {
  const client = new SQSClient({
    region: "eu-central-1",
    endpoint,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    retryStrategy,
  });
  onTestFinished(() => client.destroy());
  return client;
}

test("a throttled request is sent again after the planner's waits, whatever its status says", async () => {
  const { planner, log, waits } = shortWaits();
  const { url, requests } = await serving(throttled(), throttled(), listed);
  const { QueueUrls, $metadata } = await clientOf(planner, url).send(new ListQueuesCommand({}));
  expect([QueueUrls, $metadata.attempts, requests.length]).toEqual([["one"], 3, 3]);
  expect(waits).toEqual([1, 3]);
  expect(told(log)).toEqual(["429 retry:1 429", "429 retry:3 ok"]);
});

test("the SDK sends as often with it as with its own strategy of as many attempts", async () => {
  const strategies = [
    new ConfiguredRetryStrategy(4, () => 1),
    asAwsRetryStrategy(shortWaits().planner, "queues", { idempotent: true }),
  ];
  const sent = strategies.map(async (strategy) => {
    const { url, requests } = await serving(throttled(), answer(500), throttled(), listed);
    const { $metadata } = await clientWith(strategy, url).send(new ListQueuesCommand({}));
    return [$metadata.attempts, requests.length];
  });
  expect(await Promise.all(sent)).toEqual([
    [4, 4],
    [4, 4],
  ]);
});

test("what the service asks for is waited, in either of its headers", async () => {
  for (const [header, value] of [
    ["retry-after", "2"],
    ["x-amz-retry-after", "2000"],
  ]) {
    const { planner, waits } = shortWaits();
    const { url } = await serving(throttled({ [header]: value }), listed);
    await clientOf(planner, url).send(new ListQueuesCommand({}));
    expect(waits.length).toBe(1);
    expect(Math.abs(waits[0] - 2000)).toBeLessThan(500); // the SDK makes a date of it
  }
});

test("what may have had an effect is sent again only where facts say so", async () => {
  const alone = shortWaits();
  const first = await serving(reset, listed);
  await expect(clientOf(alone.planner, first.url).send(new ListQueuesCommand({}))).rejects.toMatchObject({
    code: "ECONNRESET",
    $metadata: { attempts: 1 },
  });
  expect([first.requests.length, told(alone.log)]).toEqual([1, ["NETWORK giveUp escalated"]]);
  const { planner, log } = shortWaits();
  const second = await serving(reset, listed);
  await clientOf(planner, second.url, { idempotent: true }).send(new ListQueuesCommand({}));
  expect(told(log)).toEqual(["NETWORK retry:1 ok"]);
});

test("what is given up rejects with the service's own error and how often it was tried", async () => {
  const { planner } = shortWaits();
  const { url, requests } = await serving(throttled());
  const sent = clientOf(planner, url).send(new ListQueuesCommand({}));
  await expect(sent).rejects.toBeInstanceOf(SQSServiceException);
  await expect(sent).rejects.toMatchObject({ name: "ThrottlingException", $metadata: { attempts: 4 } });
  expect(requests.length).toBe(4);
});

test("an open breaker keeps requests from the service, and a stranger's token is refused", async () => {
  const { planner } = shortWaits({ guard: { breaker: sampling({ minimumCalls: 1 }), retryBudget: null } });
  const { url, requests } = await serving(throttled());
  const client = clientOf(planner, url);
  await expect(client.send(new ListQueuesCommand({}))).rejects.toThrow();
  await expect(client.send(new ListQueuesCommand({}))).rejects.toThrow("queues: not called, the breaker is open.");
  expect(requests.length).toBe(1);
  const token = { getRetryCount: () => 0, getRetryDelay: () => 0 };
  await expect(
    asAwsRetryStrategy(planner, "queues").refreshRetryTokenForRetry(token, { errorType: "THROTTLING" }),
  ).rejects.toThrow("token must be one that this strategy gave");
});
