// The C++ library's exception classes carry type information, and that brings in the code that
// walks class hierarchies for catch and dynamic_cast: 3 KB of wasm. Nothing is thrown here and no
// type is asked for at run time, so these tables, which replace those of that code, are empty. They
// are weak: if the linker has the real ones for another reason, it takes those.

extern "C" {

__attribute__((weak)) const void* _ZTVN10__cxxabiv117__class_type_infoE[12] = {};
__attribute__((weak)) const void* _ZTVN10__cxxabiv120__si_class_type_infoE[12] = {};
__attribute__((weak)) const void* _ZTVN10__cxxabiv121__vmi_class_type_infoE[12] = {};

}  // extern "C"
