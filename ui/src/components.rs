//! Parts that several screens use, one a file.

pub(crate) mod account_id;
pub(crate) mod avatar;
pub(crate) mod choice;
pub(crate) mod connection;
pub(crate) mod contact_list;
pub(crate) mod conversation_picker;
pub(crate) mod crop;
pub(crate) mod denied;
pub(crate) mod dialog;
pub(crate) mod icon;
pub(crate) mod logs;
pub(crate) mod name_field;
pub(crate) mod phrase_words;
pub(crate) mod qr;
pub(crate) mod scan;
pub(crate) mod screen_shield;
pub(crate) mod steps;
pub(crate) mod switch;
pub(crate) mod tabs;
pub(crate) mod toast;
pub(crate) mod top_bar;
