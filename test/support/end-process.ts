import type { ChildProcess } from 'node:child_process';

/**
 * Ends a program: at once, so that it finishes nothing, or in an orderly way. What it has written stays with the kernel
 * either way, unlike after a power cut. Resolves with its exit code when it has ended, also when it had before; null
 * when a signal ended it.
 */
export function endProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
