//! Opens the store and the engine of one data folder.

use std::path::PathBuf;

use contract::{ErrorCode, Failure};

use crate::options::Options;
use crate::shell::{Opened, Opener};

/// Opens the account in `data` as the options say.
pub(crate) fn opener(data: PathBuf, options: Options) -> Opener {
    Box::new(move || Box::pin(open(data.clone(), options.clone())))
}

async fn open(_data: PathBuf, _options: Options) -> Opened {
    Err(Failure::new(ErrorCode::Store))
}
