// Written by `GENIE_HANDOFF_UPDATE=1 cargo test -p wasm typescript` from crates/wasm/src/dto.rs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated

/**
 * A Genie space that somebody named.
 */
export type SpaceReference = { 
/**
 * The id of the space: 32 characters of `0-9a-f`.
 */
space_id: string, };
