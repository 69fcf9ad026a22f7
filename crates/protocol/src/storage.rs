//! To be filled by its owner in the same sitting.
