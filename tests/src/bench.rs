//! What is measured: each bench runs our code and what it cannot do without in turns and gives the ratio.

pub mod backlog;
pub mod seal_and_wrap;
pub mod store_rate;
