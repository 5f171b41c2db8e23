// Another project of the same workspace, which has the declarations of the first.
import { list, pageOfUsers, wipe } from "../store/store.js";

export type Page = Awaited<ReturnType<typeof pageOfUsers>>;

export const names = (page: Page): string[] => page.entries.map(({ value }) => value.name);
export { list, wipe };
// @ts-expect-error The declarations tell what a value is.
export const ages = (page: Page): number[] => page.entries.map(({ value }) => value.age);
