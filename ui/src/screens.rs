//! The screens, one module each.

pub(crate) mod conversation;
pub(crate) mod data;
pub(crate) mod details;
pub(crate) mod disappearing;
pub(crate) mod forward;
pub(crate) mod gallery;
pub(crate) mod home;
pub(crate) mod landing;
pub(crate) mod launch;
pub(crate) mod loading;
pub(crate) mod mute_menu;
pub(crate) mod name;
pub(crate) mod new_conversation;
pub(crate) mod notifications;
pub(crate) mod path;
pub(crate) mod questions;
pub(crate) mod recovery_phrase;
pub(crate) mod requests;
pub(crate) mod restore;
pub(crate) mod save_phrase;
pub(crate) mod search;
pub(crate) mod services;
pub(crate) mod settings;
pub(crate) mod share;
pub(crate) mod space;
pub(crate) mod unlock;
