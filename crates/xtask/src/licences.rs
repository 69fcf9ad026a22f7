//! The libraries inside of the app and their licences, as the app shows them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde_json::Value;

use crate::program;

/// The packages whose libraries reach the user.
const SHIPPED: [&str; 2] = ["tern-app", "ui"];

/// One line a library, in order: its name, its version and, after a tab, its licence. Libraries that only build or test
/// others are not among them; phones have a few others than this machine.
pub(crate) fn list() -> anyhow::Result<String> {
    let host = host()?;
    let mut cargo = program::cargo()?;
    cargo.args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        &host,
    ]);
    let metadata: Value = serde_json::from_str(&program::output(&mut cargo)?)?;
    Ok(lines(&metadata))
}

fn host() -> anyhow::Result<String> {
    let version = program::output(std::process::Command::new("rustc").arg("-vV"))?;
    let line = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.context("rustc does not say what it runs on")?.to_owned())
}

fn lines(metadata: &Value) -> String {
    let packages: BTreeMap<&str, &Value> = array(metadata, "packages")
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = array(&metadata["resolve"], "nodes")
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let is_shipped = |package: &Value| {
        let name = package["name"].as_str().unwrap_or_default();
        package["source"].is_null() && SHIPPED.contains(&name)
    };
    let mut open: Vec<&str> = packages
        .iter()
        .filter(|(_, package)| is_shipped(package))
        .map(|(id, _)| *id)
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !reached.insert(id) {
            continue;
        }
        let Some(node) = nodes.get(id) else { continue };
        let linked = array(node, "deps").iter().filter(|dependency| {
            let mut kinds = array(dependency, "dep_kinds").iter();
            kinds.any(|kind| kind["kind"].is_null())
        });
        open.extend(linked.filter_map(|dependency| dependency["pkg"].as_str()));
    }
    let mut lines: Vec<String> = reached
        .iter()
        .filter_map(|id| packages.get(id))
        .filter(|package| !package["source"].is_null())
        .map(|package| {
            let text = |key: &str| package[key].as_str().unwrap_or("not said");
            format!("{} {}\t{}\n", text("name"), text("version"), text("license"))
        })
        .collect();
    lines.sort();
    lines.concat()
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_linked_into_the_app_is_listed() {
        let package = |id: &str, source: Value| json!({"id": id, "name": id, "version": "1.0.0", "license": "MIT", "source": source});
        let registry = json!("registry");
        let dependency = |id: &str, kind: Value| json!({"pkg": id, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [
                package("tern-app", Value::Null),
                package("engine", Value::Null),
                package("tokio", registry.clone()),
                package("cc", registry.clone()),
                package("proptest", registry.clone()),
                package("unrelated", registry),
            ],
            "resolve": {"nodes": [
                {"id": "tern-app", "deps": [dependency("engine", Value::Null), dependency("proptest", json!("dev"))]},
                {"id": "engine", "deps": [dependency("tokio", Value::Null), dependency("cc", json!("build"))]},
                {"id": "tokio", "deps": [dependency("engine", Value::Null)]},
            ]},
        });
        assert_eq!(lines(&metadata), "tokio 1.0.0\tMIT\n");
    }
}
