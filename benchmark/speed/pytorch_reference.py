"""PPO and A2C on CartPole and SAC on Pendulum in PyTorch: what Belay's speed is held against, side by side.

The arithmetic is Stable-Baselines3's (separate tanh networks of two layers, orthogonal-free start, Categorical from
torch.distributions, standardised advantages, clipped loss, logged KL, norm clipping, Adam or RMSProp), the code around it is
leaner: no callbacks, no logger, no dictionaries, the environment plain Python. It is therefore a little faster than the
library, and the ratio to it a little smaller than to the library.

    python3 pytorch_reference.py SECONDS update 64,64 256,64 …     one minibatch update, milliseconds
    python3 pytorch_reference.py SECONDS train ppo-defaults …      whole training, steps per second
    python3 pytorch_reference.py SECONDS sac 256,64 256,256 …      one update of SAC in Pendulum, milliseconds

TORCH_THREADS is how many threads it may use, one unless told.
"""

import json
import math
import os
import random
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(os.environ.get("TORCH_THREADS", "1")))


def network(width, outputs):
    return nn.Sequential(nn.Linear(4, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, outputs))


class Learner:
    def __init__(self, width, rmsprop=False):
        self.policy, self.value = network(width, 2), network(width, 1)
        self.parameters = [*self.policy.parameters(), *self.value.parameters()]
        self.optimizer = (
            torch.optim.RMSprop(self.parameters, lr=7e-4, alpha=0.99, eps=1e-5)
            if rmsprop
            else torch.optim.Adam(self.parameters, lr=3e-4, eps=1e-5)
        )

    def act(self, observations):
        with torch.no_grad():
            distribution = torch.distributions.Categorical(logits=self.policy(observations))
            actions = distribution.sample()
            return actions, self.value(observations).flatten(), distribution.log_prob(actions)

    def descend(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 0.5)
        self.optimizer.step()

    def update_ppo(self, observations, actions, old_log_probs, advantages, returns):
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        distribution = torch.distributions.Categorical(logits=self.policy(observations))
        log_ratio = distribution.log_prob(actions) - old_log_probs
        ratio = torch.exp(log_ratio)
        policy_loss = -torch.min(advantages * ratio, advantages * torch.clamp(ratio, 0.8, 1.2)).mean()
        value_loss = nn.functional.mse_loss(returns, self.value(observations).flatten())
        with torch.no_grad():
            ((ratio - 1) - log_ratio).mean().item()
            (torch.abs(ratio - 1) > 0.2).float().mean().item()
        self.descend(policy_loss + 0.5 * value_loss - 0.0 * distribution.entropy().mean())

    def update_a2c(self, observations, actions, advantages, returns):
        distribution = torch.distributions.Categorical(logits=self.policy(observations))
        policy_loss = -(advantages * distribution.log_prob(actions)).mean()
        value_loss = nn.functional.mse_loss(returns, self.value(observations).flatten())
        self.descend(policy_loss + 0.5 * value_loss - 0.0 * distribution.entropy().mean())


class CartPole:
    def reset(self):
        self.state, self.steps = [random.uniform(-0.05, 0.05) for _ in range(4)], 0
        return self.state

    def step(self, action):
        x, speed, angle, turning = self.state
        force = 10.0 if action == 1 else -10.0
        cosine, sine = math.cos(angle), math.sin(angle)
        push = (force + 0.05 * turning**2 * sine) / 1.1
        spin = (9.8 * sine - cosine * push) / (0.5 * (4.0 / 3.0 - 0.1 * cosine**2 / 1.1))
        pull = push - 0.05 * spin * cosine / 1.1
        self.state = [x + 0.02 * speed, speed + 0.02 * pull, angle + 0.02 * turning, turning + 0.02 * spin]
        self.steps += 1
        over = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.2094395 or self.steps >= 500
        return (self.reset() if over else self.state), over


SETTINGS = {
    "ppo-defaults": {"envs": 1, "horizon": 2048, "epochs": 10, "batch": 64},
    "ppo-zoo": {"envs": 8, "horizon": 32, "epochs": 20, "batch": 256},
    "a2c": {"envs": 8, "horizon": 5},
}


def steps_per_second(name, seconds):
    setting = SETTINGS[name]
    n, horizon, is_ppo = setting["envs"], setting["horizon"], "epochs" in setting
    learner = Learner(64, rmsprop=not is_ppo)
    envs = [CartPole() for _ in range(n)]
    now = torch.tensor([env.reset() for env in envs])
    observations = torch.zeros(horizon, n, 4)
    actions = torch.zeros(horizon, n, dtype=torch.long)
    log_probs, values, ends = (torch.zeros(horizon, n) for _ in range(3))
    rows = n * horizon

    def iterate():
        nonlocal now
        for t in range(horizon):
            drawn, value, log_prob = learner.act(now)
            observations[t], actions[t], values[t], log_probs[t] = now, drawn, value, log_prob
            results = [env.step(action) for env, action in zip(envs, drawn.tolist())]
            ends[t] = torch.tensor([float(over) for _, over in results])
            now = torch.tensor([state for state, _ in results])
        with torch.no_grad():
            following = learner.value(now).flatten()
        advantages, advantage = torch.zeros(horizon, n), torch.zeros(n)
        trace = 0.99 * (0.95 if is_ppo else 1.0)
        for t in reversed(range(horizon)):
            alive = 1 - ends[t]
            advantage = 1 + 0.99 * alive * following - values[t] + trace * alive * advantage
            advantages[t], following = advantage, values[t]
        flat = [observations.view(rows, 4), actions.view(rows), log_probs.view(rows), advantages.view(rows)]
        flat.append((advantages + values).view(rows))
        if not is_ppo:
            learner.update_a2c(flat[0], flat[1], flat[3], flat[4])
            return
        for _ in range(setting["epochs"]):
            order = torch.randperm(rows)
            for start in range(0, rows, setting["batch"]):
                chosen = order[start : start + setting["batch"]]
                learner.update_ppo(*(column[chosen] for column in flat))

    iterate()
    steps, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        iterate()
        steps += rows
    return steps / (time.perf_counter() - begin)


class SoftLearner:
    """SAC's update as Stable-Baselines3 does it: temperature, critics, actor, targets; three Adams."""

    def __init__(self, width):
        def perceptron(inputs, outputs):
            return nn.Sequential(
                nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs)
            )

        self.actor = perceptron(3, 2)
        self.critics = nn.ModuleList([perceptron(4, 1) for _ in range(2)])
        self.targets = nn.ModuleList([perceptron(4, 1) for _ in range(2)])
        self.log_temperature = torch.zeros(1, requires_grad=True)
        parts = [self.actor.parameters(), self.critics.parameters(), [self.log_temperature]]
        self.optimizers = [torch.optim.Adam(part, lr=3e-4) for part in parts]

    def draw(self, observations):
        mean, log_std = self.actor(observations).chunk(2, dim=1)
        distribution = torch.distributions.Normal(mean, torch.clamp(log_std, -20, 2).exp())
        gaussian = distribution.rsample()
        actions = torch.tanh(gaussian)
        log_probs = distribution.log_prob(gaussian) - torch.log(1 - actions**2 + 1e-6)
        return actions, log_probs.sum(dim=1, keepdim=True)

    def smallest(self, critics, observations, actions):
        joined = torch.cat([observations, actions], dim=1)
        return torch.min(torch.cat([critic(joined) for critic in critics], dim=1), dim=1, keepdim=True)[0]

    def descend(self, which, loss):
        self.optimizers[which].zero_grad()
        loss.backward()
        self.optimizers[which].step()

    def update(self, observations, actions, rewards, following, ended):
        drawn, log_probs = self.draw(observations)
        temperature = self.log_temperature.detach().exp()
        self.descend(2, -(self.log_temperature * (log_probs - 1).detach()).mean())
        with torch.no_grad():
            next_actions, next_log_probs = self.draw(following)
            values = self.smallest(self.targets, following, next_actions) - temperature * next_log_probs
            targets = rewards + (1 - ended) * 0.99 * values
        joined = torch.cat([observations, actions], dim=1)
        self.descend(1, 0.5 * sum(nn.functional.mse_loss(critic(joined), targets) for critic in self.critics))
        self.descend(0, (temperature * log_probs - self.smallest(self.critics, observations, drawn)).mean())
        with torch.no_grad():
            for theirs, ours in zip(self.targets.parameters(), self.critics.parameters()):
                theirs.mul_(0.995)
                torch.add(theirs, ours, alpha=0.005, out=theirs)


def milliseconds_of(update, columns, seconds):
    for _ in range(20):
        update(*columns)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 9:
        begin = time.perf_counter()
        update(*columns)
        times.append(time.perf_counter() - begin)
    return 1000 * sorted(times)[len(times) // 2]


def milliseconds(batch, width, seconds):
    columns = [torch.randn(batch, 4), torch.randint(0, 2, (batch,)), torch.full((batch,), -0.69)]
    columns += [torch.randn(batch), torch.randn(batch)]
    return milliseconds_of(Learner(width).update_ppo, columns, seconds)


def milliseconds_sac(batch, width, seconds):
    columns = [torch.randn(batch, 3), torch.rand(batch, 1) * 2 - 1, torch.randn(batch, 1), torch.randn(batch, 3)]
    columns += [torch.zeros(batch, 1)]
    return milliseconds_of(SoftLearner(width).update, columns, seconds)


seconds, kind, names = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
if kind == "update":
    print(json.dumps({name: milliseconds(*map(int, name.split(",")), seconds) for name in names}))
elif kind == "sac":
    print(json.dumps({name: milliseconds_sac(*map(int, name.split(",")), seconds) for name in names}))
else:
    print(json.dumps({name: steps_per_second(name, seconds) for name in names}))
