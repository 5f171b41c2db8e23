"use client";

export type { ArgOf, Mutation, Query, ReturnOf, StoreFunctions } from "./functions.js";
export type { Status } from "./pages.js";
export type { PagesOptions, PagesState } from "./usePages.js";
export {
  type ChildrenFunctions,
  useChildren,
  type UseChildrenOptions,
  type UseChildrenResult,
} from "./useChildren.js";
export {
  type CountFunctions,
  useCount,
  type UseCountOptions,
  type UseCountResult,
} from "./useCount.js";
export {
  type EntriesFunctions,
  useEntries,
  type UseEntriesOptions,
  type UseEntriesResult,
} from "./useEntries.js";
export { type IncrementFunctions, type IncrementState, useIncrement } from "./useIncrement.js";
export {
  type SetValueOptions,
  useValue,
  type ValueFunctions,
  type ValueState,
} from "./useValue.js";
export { useWrites, type Writes } from "./useWrites.js";
