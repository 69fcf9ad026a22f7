//! Reads a Fluent file and puts values into its messages.
//!
//! `fluent-syntax` reads the file. Of what Fluent can say, the project's files use text, `{ $value }`, `{ -term }`, quoted
//! text and choices by number: that is resolved here, in a fraction of the code and the tables that the whole language with
//! the plurals of all languages weighs in the web view. A test holds the files to it.

use std::collections::HashMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

/// What stands for a placeholder.
pub(crate) enum Value {
    /// A whole number, by which a choice may be made.
    Number(i64),
    /// Anything else.
    Text(String),
}

impl Value {
    fn words(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                // Counts beyond what an `i64` holds are beyond what anybody reads.
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })+
    };
}
numbers!(u8, u16, u32, u64, usize, i32, i64);

/// The messages and terms of one file.
pub(super) struct Wordings {
    messages: HashMap<&'static str, Pattern<&'static str>>,
    terms: HashMap<&'static str, Pattern<&'static str>>,
}

impl Wordings {
    /// Reads a file; what is not well-formed in it is left out.
    pub(super) fn read(file: &'static str) -> Self {
        let (mut messages, mut terms) = (HashMap::new(), HashMap::new());
        let read = fluent_syntax::parser::parse_runtime(file).unwrap_or_else(|(partial, _)| partial);
        for entry in read.body {
            match entry {
                Entry::Message(message) => {
                    if let Some(pattern) = message.value {
                        messages.insert(message.id.name, pattern);
                    }
                }
                Entry::Term(term) => drop(terms.insert(term.id.name, term.value)),
                _ => {}
            }
        }
        Self { messages, terms }
    }

    /// The message of a key. What is missing or not understood stands in braces.
    pub(super) fn format(&self, key: &str, values: &[(&str, Value)]) -> Option<String> {
        let mut text = String::new();
        self.write(self.messages.get(key)?, values, &mut text);
        Some(text)
    }

    fn write(&self, pattern: &Pattern<&'static str>, values: &[(&str, Value)], text: &mut String) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text.push_str(value),
                PatternElement::Placeable { expression } => self.write_expression(expression, values, text),
            }
        }
    }

    fn write_expression(
        &self,
        expression: &Expression<&'static str>,
        values: &[(&str, Value)],
        text: &mut String,
    ) {
        match expression {
            Expression::Select { selector, variants } => {
                let value = match selector {
                    InlineExpression::VariableReference { id } => value_of(id.name, values),
                    _ => None,
                };
                if let Some(variant) = chosen(variants, value) {
                    self.write(&variant.value, values, text);
                }
            }
            Expression::Inline(InlineExpression::StringLiteral { value }) => text.push_str(value),
            Expression::Inline(InlineExpression::TermReference { id, .. }) => match self.terms.get(id.name) {
                Some(term) => self.write(term, &[], text),
                None => missing(id.name, text),
            },
            Expression::Inline(InlineExpression::VariableReference { id }) => match value_of(id.name, values)
            {
                Some(value) => text.push_str(&value.words()),
                None => missing(id.name, text),
            },
            Expression::Inline(_) => missing("?", text),
        }
    }
}

fn missing(name: &str, text: &mut String) {
    text.push('{');
    text.push_str(name);
    text.push('}');
}

fn value_of<'a>(name: &str, values: &'a [(&str, Value)]) -> Option<&'a Value> {
    values
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The variant for exactly this number, else for its plural, else the default.
fn chosen<'a>(
    variants: &'a [Variant<&'static str>],
    value: Option<&Value>,
) -> Option<&'a Variant<&'static str>> {
    let exact = value.map(Value::words).unwrap_or_default();
    let plural = match value {
        Some(Value::Number(number)) => plural(*number),
        _ => "other",
    };
    let is_exact = |variant: &&Variant<&str>| matches!(variant.key, VariantKey::NumberLiteral { value } if value == exact);
    let is_plural =
        |variant: &&Variant<&str>| matches!(variant.key, VariantKey::Identifier { name } if name == plural);
    let mut all = variants.iter();
    (all.clone().find(is_exact))
        .or_else(|| all.clone().find(is_plural))
        .or_else(|| all.find(|variant| variant.default))
}

/// The English plural category of a whole number, by Unicode's CLDR; a second language brings its own rule.
fn plural(number: i64) -> &'static str {
    if number.unsigned_abs() == 1 {
        "one"
    } else {
        "other"
    }
}

#[cfg(test)]
#[path = "wording_tests.rs"]
mod tests;
