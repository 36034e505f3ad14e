"""The memory layer: what became of earlier setups like this one."""
