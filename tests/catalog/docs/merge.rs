//! `errwire docs --merge`: the errors in a document that exists. `fastapi.json` and `utoipa.*` are what these write of two small
//! APIs; `openapiv2.json` and `gnostic.yaml` are written by hand, as the documentation of these generators shows them.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

use super::EXAMPLE;
use crate::support::binary::{Run, file, run};

const DOCUMENTS: [&str; 5] = ["fastapi.json", "utoipa.json", "openapiv2.json", "utoipa.yaml", "gnostic.yaml"];

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi")).join(name)).unwrap()
}

fn merge(path: &str, catalog: &str) -> Run {
    run(&["docs", "--format", "openapi", "--merge", path, "--catalog", catalog])
}

/// The same without what is from errwire.
fn without_ours(mut document: Value) -> Value {
    fn is_ours(value: &Value) -> bool {
        let reference = value["$ref"].as_str().unwrap_or_default();
        value.get("x-errwire-kinds").is_some() || reference.contains("/responses/error_")
    }
    fn strip(map: Option<&mut Value>) {
        if let Some(Value::Object(map)) = map {
            map.retain(|_, value| !is_ours(value));
        }
    }
    let operations = document["paths"].as_object_mut().unwrap().values_mut();
    for operation in operations.flat_map(|path| path.as_object_mut().unwrap().values_mut()) {
        strip(operation.get_mut("responses"));
    }
    for path in ["/definitions", "/responses", "/components/schemas", "/components/responses"] {
        strip(document.pointer_mut(path));
    }
    // What has nothing else in it was not there.
    let is_empty = |value: Option<&Value>| value.and_then(Value::as_object).is_some_and(Map::is_empty);
    for (path, name) in [("", "responses"), ("/components", "responses")] {
        if let Some(Value::Object(map)) = document.pointer_mut(path)
            && is_empty(map.get(name))
        {
            map.remove(name);
        }
    }
    document
}

#[test]
fn nothing_is_lost() {
    for name in DOCUMENTS {
        let before = document(name);
        let path = file(&format!("merge-{name}"), &before);
        let once = merge(&path, EXAMPLE);
        assert_eq!(once.code, Some(0), "{name}: {}", once.stderr);
        assert!(once.stdout.contains("error_task_not_found"), "{name}");
        if name.ends_with(".json") {
            let [before, after] = [&before, &once.stdout].map(|text| serde_json::from_str::<Value>(text).unwrap());
            assert_eq!(without_ours(after).to_string(), before.to_string(), "{name}");
        } else {
            // Each line is there, in its order: comments, and texts over several lines.
            let mut after = once.stdout.lines();
            for line in before.lines() {
                assert!(after.any(|other| other == line), "{name}: {line}");
            }
        }
        // Again changes nothing, and a check says so.
        let merged = file(&format!("merged-{name}"), &once.stdout);
        let again = merge(&merged, EXAMPLE);
        assert_eq!(again.stdout, once.stdout, "{name}");
        let check = run(&["docs", "--format", "openapi", "--merge", &merged, "--catalog", EXAMPLE, "--check"]);
        assert_eq!((check.code, check.stdout.as_str()), (Some(0), ""), "{name}");
        let check = run(&["docs", "--format", "openapi", "--merge", &path, "--catalog", EXAMPLE, "--check"]);
        assert_eq!(check.code, Some(1), "{name}");
    }
}

/// What surrounds the responses, and lines that end as on Windows.
#[test]
fn everything_else_stays() {
    let before = "openapi: 3.1.0\r\nsecurity: [{key: []}] # all\r\nwebhooks:\r\n  done:\r\n    post: {responses: {200: {description: ok}}}\r\n\
                  paths:\r\n  /v1/tasks:\r\n    post:\r\n      security: []\r\n      responses:\r\n        201: # made\r\n          description: ok\r\n\
                  components:\r\n  securitySchemes: {key: {type: http, scheme: bearer}}\r\ntags: []\r\n";
    let after = merge(&file("merge-crlf.yaml", before), EXAMPLE).stdout;
    assert!(after.contains("\r\n        \"402\":\r\n"), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    let mut lines = after.lines();
    for line in before.lines() {
        assert!(lines.any(|other| other == line), "{line}");
    }
    let merged = file("merged-crlf.yaml", &after);
    assert_eq!(merge(&merged, EXAMPLE).stdout, after);
}

/// A response that is no longer declared goes, wherever it stands.
#[test]
fn earlier_declarations_are_removed() {
    let less = file(
        "merge-less.yaml",
        "domain: a.example\nmethods:\n  tasks.v1.TaskService/GetTask: [gone]\n  tasks.v1.TaskService/CreateTask: []\n",
    );
    for name in ["fastapi.json", "utoipa.json", "openapiv2.json", "gnostic.yaml"] {
        let before = file(
            &format!("merge-before-{name}"),
            &document(name)
                .replace("/v1/tasks/{id}", "/v1/tasks/{task_id}")
                .replace("get_task\"", "GetTask\"")
                .replace("create_task\"", "CreateTask\""),
        );
        let after = file(&format!("merge-after-{name}"), &merge(&before, EXAMPLE).stdout);
        let [direct, over] = [&before, &after].map(|path| merge(path, &less).stdout);
        assert_eq!(over, direct, "{name}");
        assert!(!direct.contains("error_task_not_found"), "{name}");
    }
}

#[test]
fn problems_of_a_merge_are_reported() {
    let ours = "openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {error_internal_error: {type: string}}}\n";
    let rows = [
        ("", "it is not an OpenAPI document"),
        ("[1]", "it is not an OpenAPI document"),
        ("a: [", "it is neither YAML nor JSON: line 2, column 1: "),
        ("openapi: 4.0.0\n", "it is not OpenAPI 3 or Swagger 2: it has no `openapi: 3.1.0` or the like"),
        ("openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "it is more than one document"),
        (ours, "`components.schemas.error_internal_error` exists already and is not from errwire"),
        ("openapi: 3.1.0\ncomponents: [1]\n", "`components` is not an object"),
        (
            "openapi: 3.1.0\nx: &all {}\npaths: {/v1/tasks: {post: {responses: *all}}}\n",
            "`paths./v1/tasks.post.responses` is a YAML alias: write it out",
        ),
        (
            "openapi: 3.1.0\nx: &all {\"500\": {description: d}}\npaths: {/v1/tasks: {post: {responses: {<<: *all}}}}\n",
            "`paths./v1/tasks.post.responses.<<` is a YAML merge key: write it out",
        ),
    ];
    for (index, (text, expected)) in rows.into_iter().enumerate() {
        let path = file(&format!("merge-bad-{index}.yaml"), text);
        let ended = merge(&path, EXAMPLE);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{text}");
        assert!(ended.stderr.contains(expected), "{text}: {}", ended.stderr);
    }
}

/// By path first, then by what the operation is called.
#[test]
fn operations_are_found() {
    let catalog = file("merge-ids.yaml", "domain: a.example\nmethods: {a.v1.Tasks/GetTask: [gone]}\n");
    let rows = [("Tasks_GetTask", 1), ("getTask", 1), ("get_task", 1), ("a.v1.Tasks.GetTask", 1), ("listTasks", 0)];
    for (id, found) in rows {
        let text = format!("openapi: 3.1.0\npaths:\n  /x:\n    get:\n      operationId: {id}\n      responses:\n");
        let path = file(&format!("merge-id-{id}.yaml"), &text);
        let ended = merge(&path, &catalog);
        assert_eq!(ended.stdout.matches("\n        \"410\":\n").count(), found, "{id}:\n{}", ended.stdout);
        assert_eq!(ended.stderr.contains("no operation is `a.v1.Tasks/GetTask`"), found == 0, "{id}");
    }
}

/// Wherever nothing is yet: no components, an empty object, a key without a value, no end of the last line.
#[test]
fn minimal_documents() {
    let catalog = file("merge-least.yaml", "domain: a.example\nmethods: {a.v1.Tasks/Get: [gone]}\n");
    let operation = "{\"operationId\": \"Get\", \"responses\": {}}";
    let documents = [
        format!("{{\"openapi\": \"3.0.1\", \"paths\": {{\"/x\": {{\"get\": {operation}}}}}}}"),
        format!(
            "{{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {{\n    \"/x\": {{\"get\": {operation}}}\n  }},\n  \"components\": {{}}\n}}\n"
        ),
        "openapi: 3.1.0\npaths:\n  /x:\n    get:\n      operationId: Get\n      responses:\ncomponents:".to_owned(),
        format!("openapi: 3.1.0\npaths:\n  /x:\n    get: {operation} # kept\ncomponents:\n  schemas:\n  # kept\n"),
        "openapi: 3.1.0\ncomponents:\n  schemas: {}\npaths:\n- nothing: here\n".replace("\n- nothing: here", " {}"),
        "{\n  \"openapi\": \"3.1.0\",\n  \"components\": null,\n  \"paths\": {}\n}\n".to_owned(),
    ];
    for (index, text) in documents.iter().enumerate() {
        let path = file(&format!("merge-least-{index}.yaml"), text);
        let once = merge(&path, &catalog);
        assert_eq!(once.code, Some(0), "{text}: {}", once.stderr);
        assert_eq!(once.stdout.matches("# kept").count(), text.matches("# kept").count(), "{}", once.stdout);
        assert!(once.stdout.contains("error_gone"), "{text}");
        let merged = file(&format!("merged-least-{index}.yaml"), &once.stdout);
        assert_eq!(merge(&merged, &catalog).stdout, once.stdout, "{text}");
        if index < 2 {
            let merged: Value = serde_json::from_str(&once.stdout).unwrap();
            let response = &merged["paths"]["/x"]["get"]["responses"]["410"];
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/error_gone", "{merged:#}");
            let kind = &merged["components"]["schemas"]["error_gone"]["properties"]["kind"];
            // OpenAPI 3.0 has no `const`.
            let expected = [json!({"type": "string", "enum": ["gone"]}), json!({"const": "gone"})];
            assert_eq!(kind, &expected[index]);
        }
    }
}
