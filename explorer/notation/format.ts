// The functions of an app write previews in this notation too, so it is the component's package
// that has it.
export * from "../../js/explorer/format.js";
