"""One PPO minibatch update in PyTorch, as Stable-Baselines3 does it: prints {"batch,width": milliseconds}, one thread.

Separate policy and value networks of two hidden layers on CartPole's four observations; everything an update does:
standardised advantages, both forwards, clipped loss, the logged KL and clip fraction, backward, norm clipping, Adam.
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


def network(width, outputs):
    return nn.Sequential(nn.Linear(4, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, outputs))


def milliseconds(batch, width, seconds):
    policy, value = network(width, 2), network(width, 1)
    parameters = [*policy.parameters(), *value.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-6, eps=1e-5)
    observations, actions = torch.randn(batch, 4), torch.randint(0, 2, (batch,))
    old_log_probs, raw_advantages, returns = torch.full((batch,), -0.69), torch.randn(batch), torch.randn(batch)

    def update():
        advantages = (raw_advantages - raw_advantages.mean()) / (raw_advantages.std() + 1e-8)
        distribution = torch.distributions.Categorical(logits=policy(observations))
        log_ratio = distribution.log_prob(actions) - old_log_probs
        ratio = torch.exp(log_ratio)
        clipped = torch.clamp(ratio, 0.8, 1.2)
        policy_loss = -torch.min(advantages * ratio, advantages * clipped).mean()
        value_loss = nn.functional.mse_loss(returns, value(observations).flatten())
        loss = policy_loss + 0.5 * value_loss - 0.0 * distribution.entropy().mean()
        with torch.no_grad():
            ((ratio - 1) - log_ratio).mean().item()
            (torch.abs(ratio - 1) > 0.2).float().mean().item()
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 0.5)
        adam.step()

    for _ in range(20):
        update()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 9:
        begin = time.perf_counter()
        update()
        times.append(time.perf_counter() - begin)
    return 1000 * sorted(times)[len(times) // 2]


sizes = [tuple(map(int, size.split(","))) for size in sys.argv[2:]]
print(json.dumps({f"{batch},{width}": milliseconds(batch, width, float(sys.argv[1])) for batch, width in sizes}))
