// The keys that are timed, here and in native.cpp.
export const keys = {
  "1 part": ["users"],
  "2 parts": ["users", "0001"],
  "3 parts": ["users", "0001", "profile"],
  "8 parts": ["org", "0001", "team", "0002", "users", "0003", "settings", "theme"],
};
