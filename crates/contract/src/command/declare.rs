//! The macro that makes of one list the types of all commands, their answers and their names.

macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident = $text:literal { $( $(#[$fdoc:meta])* $field:ident : $ty:ty, )* } -> $reply:ty; )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $( $(#[$fdoc])* pub $field: $ty, )* }

            impl Request for $name {
                type Reply = $reply;
                const NAME: &'static str = $text;
                fn into_command(self) -> Command { Command::$name(self) }
            }
        )*

        /// Everything a shell can ask for. In JSON: `{"method": "send_text", "params": {…}}`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "method", content = "params")]
        #[non_exhaustive]
        pub enum Command { $( $(#[$doc])* #[serde(rename = $text)] $name($name), )* }

        impl Command {
            /// The names of all commands, in the order of declaration.
            pub const NAMES: &'static [&'static str] = &[$( $text, )*];

            /// The command's snake_case name.
            pub const fn name(&self) -> &'static str {
                match self { $( Self::$name(_) => $text, )* }
            }
        }

        /// The answer to the command of the same name. In JSON: the answer alone, without a wrapper.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum Reply { $( $(#[$doc])* $name($reply), )* }
    };
}

pub(crate) use commands;
