/**
 * convex-test's side of the calls that the convex library makes, for the function that runs. It is
 * there once an engine is.
 */
interface Platform {
  syscall(name: string, args: string): string;
  asyncSyscall(name: string, args: string): Promise<string>;
}

export const platform: Platform = {
  syscall: (name, args) => convexGlobal().syscall(name, args),
  asyncSyscall: (name, args) => convexGlobal().asyncSyscall(name, args),
};

function convexGlobal(): Platform {
  return (globalThis as unknown as { Convex: Platform }).Convex;
}
