//! Dependencies between the crates of the workspace point one way.

use serde_json::Value;

use crate::program;

/// Each package and the packages of the workspace it may depend on: the arrows of ARCHITECTURE.md. Fuzz targets
/// (`fuzz-…`) stand outside: nothing depends on them.
const ARROWS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("contract", &[]),
    ("dialer", &[]),
    ("network", &["protocol", "dialer"]),
    ("backup", &["protocol"]),
    ("store", &["protocol", "backup"]),
    ("media", &[]),
    ("voice", &[]),
    ("previews", &["protocol", "dialer"]),
    ("nearby", &[]),
    (
        "engine",
        &[
            "protocol", "dialer", "network", "backup", "store", "media", "previews", "nearby", "contract",
        ],
    ),
    ("node", &["protocol"]),
    ("cli", &["contract", "engine", "store"]),
    ("tern-app", &["contract", "engine", "store", "voice"]),
    ("ffi", &["contract", "engine", "store"]),
    ("ui", &["contract"]),
    ("xtask", &[]),
    (
        "tests",
        &[
            "protocol", "node", "dialer", "network", "store", "engine", "contract", "previews", "nearby",
        ],
    ),
    ("app-tests", &["protocol", "node", "store", "contract", "website"]),
    ("website", &[]),
];

/// What only tests of a package may use besides.
const TEST_ARROWS: &[(&str, &[&str])] = &[
    ("dialer", &["website"]),
    ("network", &["node", "website"]),
    ("previews", &["website"]),
    ("voice", &["media"]),
    ("engine", &["node"]),
    ("cli", &["node"]),
    ("tern-app", &["node"]),
    ("ffi", &["node"]),
    ("tests", &["website"]),
    ("app-tests", &["tests"]),
];

/// Packages that must stay pure, and what would make them impure.
const IMPURE: &[&str] = &[
    "tokio",
    "hyper",
    "rustls",
    "rusqlite",
    "getrandom",
    "tauri",
    "rand",
    "tracing",
    "tempfile",
    "futures",
];
const PURE: &[&str] = &["protocol", "contract", "media", "backup"];

/// What cargo knows of the workspace.
pub(super) fn metadata() -> anyhow::Result<Value> {
    let mut cargo = program::cargo()?;
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    Ok(serde_json::from_str(&program::output(&mut cargo)?)?)
}

/// The arrows of `metadata` that are not in the tables.
pub(super) fn problems(metadata: &Value) -> Vec<String> {
    let packages = list(metadata, "packages");
    let names: Vec<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let mut problems = Vec::new();
    for package in packages {
        let name = text(package, "name");
        if name.starts_with("fuzz-") {
            continue;
        }
        let Some(allowed) = find(ARROWS, name) else {
            problems.push(format!("Cargo.toml: package `{name}` has no place in the layers"));
            continue;
        };
        for dependency in list(package, "dependencies") {
            let to = text(dependency, "name");
            let for_tests = text(dependency, "kind") == "dev";
            let in_tests = for_tests && find(TEST_ARROWS, name).is_some_and(|list| list.contains(&to));
            if names.contains(&to) && !allowed.contains(&to) && !in_tests {
                problems.push(format!("Cargo.toml: `{name}` must not depend on `{to}`"));
            }
            if PURE.contains(&name) && !for_tests && IMPURE.contains(&to) {
                problems.push(format!(
                    "Cargo.toml: `{name}` is pure and must not depend on `{to}`"
                ));
            }
        }
    }
    problems
}

fn find<'a>(table: &'a [(&str, &[&str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(package, _)| *package == name)
        .map(|(_, list)| *list)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, kind: Value, dependency: &str) -> Value {
        json!({"packages": [
            {"name": name, "dependencies": [{"name": dependency, "kind": kind}]},
            {"name": dependency, "dependencies": []},
        ]})
    }

    #[test]
    fn an_arrow_that_points_back_is_found() {
        assert_eq!(
            problems(&package("protocol", Value::Null, "engine")),
            ["Cargo.toml: `protocol` must not depend on `engine`"]
        );
        assert_eq!(
            problems(&package("engine", Value::Null, "node")),
            ["Cargo.toml: `engine` must not depend on `node`"]
        );
        assert_eq!(
            problems(&package("engine", json!("dev"), "node")),
            Vec::<String>::new()
        );
        assert_eq!(
            problems(&package("engine", Value::Null, "protocol")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_impure_library_under_a_pure_crate_is_found() {
        let metadata =
            json!({"packages": [{"name": "protocol", "dependencies": [{"name": "tokio", "kind": null}]}]});
        assert_eq!(
            problems(&metadata),
            ["Cargo.toml: `protocol` is pure and must not depend on `tokio`"]
        );
    }

    #[test]
    fn a_package_without_a_place_is_found() {
        let metadata = json!({"packages": [{"name": "extra", "dependencies": []}]});
        assert_eq!(
            problems(&metadata),
            ["Cargo.toml: package `extra` has no place in the layers"]
        );
    }
}
