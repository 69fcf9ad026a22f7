use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, MemArg, RefType, TableSection, TableType, TypeSection, ValType,
};

use super::*;

/// A function that stores `value` again and again, in the manner of `alike`.
fn stores(value: i32, alike: u64) -> Function {
    let mut function = Function::new([]);
    let memarg = MemArg {
        offset: alike * 1_000,
        align: 2,
        memory_index: 0,
    };
    for at in 0..20 {
        function
            .instructions()
            .i32_const(at)
            .i32_const(value)
            .i32_store(memarg);
    }
    function.instructions().end();
    function
}

/// One import and six functions of two kinds in turn, one of them calling another.
fn program() -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("out", "side", wasm_encoder::EntityType::Function(0));
    let mut functions = FunctionSection::new();
    for kind in [0, 0, 0, 0, 0, 1] {
        functions.function(kind);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        minimum: 1,
        maximum: None,
        table64: false,
        shared: false,
    });
    let mut memories = wasm_encoder::MemorySection::new();
    memories.memory(wasm_encoder::MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("answer", ExportKind::Func, 6);
    exports.export("first", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions(vec![3].into()),
    );
    let mut code = CodeSection::new();
    for (value, alike) in [(1, 1), (2, 90), (3, 1), (4, 90), (5, 1)] {
        code.function(&stores(value, alike));
    }
    let mut answer = Function::new([]);
    answer.instructions().call(0).call(2).i32_const(42).end();
    code.function(&answer);
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories);
    module.section(&exports).section(&elements).section(&code);
    module.finish()
}

/// The bodies and the type of each function, and what is exported and called by number.
struct Read<'a> {
    types: Vec<u32>,
    bodies: Vec<&'a [u8]>,
    exports: Vec<(&'a str, u32)>,
    calls: Vec<u32>,
    element: Vec<u32>,
}

fn read(wasm: &[u8]) -> Read<'_> {
    let mut read = Read {
        types: vec![],
        bodies: vec![],
        exports: vec![],
        calls: vec![],
        element: vec![],
    };
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("well-formed") {
            Payload::FunctionSection(types) => {
                read.types = types.into_iter().map(|it| it.expect("a type")).collect()
            }
            Payload::ExportSection(exports) => {
                read.exports = exports
                    .into_iter()
                    .map(|it| it.map(|it| (it.name, it.index)).expect("an export"))
                    .collect();
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    if let wasmparser::ElementItems::Functions(functions) = element.expect("elements").items {
                        read.element
                            .extend(functions.into_iter().map(|it| it.expect("a function")));
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                read.bodies.push(body.as_bytes());
                for operator in body.get_operators_reader().expect("operators") {
                    if let wasmparser::Operator::Call { function_index } = operator.expect("an operator") {
                        read.calls.push(function_index);
                    }
                }
            }
            _ => {}
        }
    }
    read
}

#[test]
fn what_is_alike_becomes_neighbours() {
    let wasm = program();
    let arranged = arrange(&wasm).expect("arranged");
    let (before, after) = (read(&wasm), read(&arranged));
    let place = |old: usize| {
        after
            .bodies
            .iter()
            .position(|body| *body == before.bodies[old])
            .expect("kept")
    };
    let mut first_kind = [place(0), place(2), place(4)];
    let mut second_kind = [place(1), place(3)];
    first_kind.sort_unstable();
    second_kind.sort_unstable();
    assert_eq!(first_kind[2] - first_kind[0], 2);
    assert_eq!(second_kind[1] - second_kind[0], 1);
}

#[test]
fn every_number_follows_its_function() {
    let wasm = program();
    let arranged = arrange(&wasm).expect("arranged");
    let (before, after) = (read(&wasm), read(&arranged));
    assert_eq!(after.bodies.len(), before.bodies.len());
    let own = |number: u32| after.bodies[number as usize - 1];
    assert_eq!(after.exports[0].0, "answer");
    assert_eq!(
        after.types[after.exports[0].1 as usize - 1],
        1,
        "the one that answers a number"
    );
    assert_eq!(own(after.exports[1].1), before.bodies[0]);
    assert_eq!(own(after.element[0]), before.bodies[2]);
    assert_eq!(after.calls[0], 0, "what comes from outside keeps its number");
    assert_eq!(own(after.calls[1]), before.bodies[1]);
}

#[test]
fn the_same_file_is_always_arranged_alike_and_what_is_none_is_refused() {
    let once = arrange(&program()).expect("arranged");
    assert_eq!(once, arrange(&program()).expect("arranged"));
    assert_eq!(read(&arrange(&once).expect("arranged")).bodies.len(), 6);
    assert!(arrange(b"no wasm").is_err());
    assert!(arrange(&once[..once.len() - 3]).is_err());
}
