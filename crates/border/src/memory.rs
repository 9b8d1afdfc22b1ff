//! Where memory comes from in a module. All of its unsafe code is in the crate that is named here.

#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
