// What the guard must find.
export const value = await Promise.resolve(1);
