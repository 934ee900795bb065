import type { ChildProcess } from 'node:child_process';

/**
 * Ends a program, as a power cut would or in an orderly way. Resolves with its exit code when it has ended, also when
 * it had before; null when a signal ended it.
 */
export function endProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
