//! What methods declare, in each form.

use super::proto_good::set_of;
use crate::catalog::{Catalog, ChangeRule, Effect, Form, HttpRoute, Method, Rule, diff, generate};

const YAML: &str = "\
domain: api.example.com

kinds:
  task_lost:
    status: 404
    code: NOT_FOUND
    message: \"The task is lost. Create it again.\"

methods:
  tasks.v1.TaskService: [token_missing]
  tasks.v1.TaskService/GetTask: [task_lost, task_not_found, token_missing]
  tasks.v1.TaskService/ListTasks: [token_missing]
";

const PROTO: &str = r#"syntax = "proto3";
package tasks.v1;
import "errwire/v1/annotations.proto";
import "google/api/annotations.proto";
enum Errors {
  option (errwire.v1.catalog) = {domain: "api.example.com"};
  UNSPECIFIED = 0;
  TASK_LOST = 1 [(errwire.v1.kind) = {status: 404 code: NOT_FOUND message: "The task is lost. Create it again."}];
}
message M {}
service TaskService {
  option (errwire.v1.service_errors) = {kinds: ["token_missing"]};
  rpc GetTask(M) returns (M) {
    option (errwire.v1.errors) = {kinds: ["task_lost", "task_not_found"]};
    option (google.api.http) = {
      get: "/v1/tasks/{task_id}"
      additional_bindings: {post: "/v1/tasks:get" body: "*"}
    };
  }
  rpc ListTasks(M) returns (M);
}
service Other {
  rpc Get(M) returns (M);
  rpc Put(M) returns (M) {
    option (.errwire.v1.errors).kinds = "task_lost";
    option (errwire.v1.errors).kinds = "http_418";
    option (google.api.http) = {custom: {kind: "LIST" path: "/v1/others"}};
  }
}
"#;

/// `name: kinds` of each method.
fn methods(catalog: &Catalog) -> Vec<String> {
    let one = |method: &Method| format!("{}: {}", method.name(), method.kinds().collect::<Vec<_>>().join(" "));
    catalog.methods().map(one).collect()
}

const EXPECTED: [&str; 5] = [
    "tasks.v1.Other/Get: ",
    "tasks.v1.Other/Put: task_lost http_418",
    "tasks.v1.TaskService: token_missing",
    "tasks.v1.TaskService/GetTask: task_lost task_not_found token_missing",
    "tasks.v1.TaskService/ListTasks: token_missing",
];

#[test]
fn each_form_says_the_same() {
    let yaml = Catalog::from_yaml("f", YAML).unwrap();
    assert_eq!(methods(&yaml), EXPECTED[2..]);
    let proto = Catalog::from_proto("tasks/v1/tasks.proto", PROTO).unwrap_or_else(|why| panic!("{why}"));
    let set = Catalog::from_descriptor_set("set", &set_of("tasks/v1/tasks.proto", PROTO)).unwrap();
    for catalog in [&proto, &set] {
        assert_eq!(methods(catalog), EXPECTED);
        let routes = |name: &str| catalog.method(name).unwrap().routes().to_vec();
        assert_eq!(
            routes("tasks.v1.TaskService/GetTask"),
            [HttpRoute::new("GET", "/v1/tasks/{task_id}"), HttpRoute::new("POST", "/v1/tasks:get").with_body()]
        );
        assert_eq!(routes("tasks.v1.Other/Put"), [HttpRoute::new("LIST", "/v1/others")]);
        assert!(!catalog.method("tasks.v1.Other/Get").unwrap().is_declared());
        let by_route = catalog.method_by_route("GET", "/v1/tasks/tsk_1").map(Method::name);
        assert_eq!(by_route, Some("tasks.v1.TaskService/GetTask"));
    }
    assert_eq!(proto.version(), set.version());
    assert_ne!(proto.version(), yaml.version());
}

/// What a service and its methods declare together comes back as what each method declares.
#[test]
fn generated_forms_keep_it() {
    for catalog in [Catalog::from_yaml("f", YAML), Catalog::from_proto("tasks/v1/tasks.proto", PROTO)] {
        let catalog = catalog.unwrap();
        let declared: Vec<String> = methods(&catalog).into_iter().filter(|method| !method.ends_with(": ")).collect();
        let yaml = generate(&catalog, Form::Yaml).remove(0).text;
        assert_eq!(methods(&Catalog::from_yaml("f", &yaml).unwrap_or_else(|why| panic!("{why}\n{yaml}"))), declared);
        let proto = generate(&catalog, Form::Proto).remove(0);
        let read = Catalog::from_proto(&proto.name, &proto.text).unwrap_or_else(|why| panic!("{why}\n{}", proto.text));
        assert_eq!(methods(&read), declared, "{}", proto.text);
        let set = Catalog::from_descriptor_set("set", &set_of(&proto.name, &proto.text)).unwrap();
        assert_eq!(methods(&set), declared, "{}", proto.text);
    }
    let yaml = Catalog::from_yaml("f", YAML).unwrap();
    assert_eq!(generate(&yaml, Form::Yaml)[0].text, YAML);
    let rust = &generate(&yaml, Form::Rust)[0].text;
    assert!(rust.contains("Method::new(\n                \"tasks.v1.TaskService/GetTask\","), "{rust}");
}

#[test]
fn a_file_of_services_alone_loads() {
    let text = "syntax = \"proto3\"; package a; import \"errwire/v1/annotations.proto\"; message M {}\n\
                service S { rpc Get(M) returns (M) { option (errwire.v1.errors) = {kinds: \"run_not_found\"}; } }";
    let catalog = Catalog::from_proto("a.proto", text).unwrap();
    assert_eq!(methods(&catalog), ["a.S/Get: run_not_found"]);
    let set = Catalog::from_descriptor_set("set", &set_of("a.proto", text)).unwrap();
    assert_eq!(methods(&set), ["a.S/Get: run_not_found"]);
}

#[test]
fn every_problem_is_found() {
    let problems = |loaded: Result<Catalog, crate::catalog::Problems>| -> Vec<String> {
        let problems = loaded.unwrap_err();
        problems.iter().map(|p| format!("{}:{} {}", p.line().unwrap_or(0), p.column().unwrap_or(0), p.rule())).collect()
    };
    let yaml = "domain: d.example\nmethods:\n  GET /v1: [not_found]\n  a.S/M: [task_not_fuond, not_found, not_found]\n  \
                a.S/N: not_found\n  a.S/O: [404, [not_found]]\n  a.S/M: []\n  a.S/P:\n";
    assert_eq!(
        problems(Catalog::from_yaml("f", yaml)),
        [
            "3:3 bad-method",
            "4:11 unknown-kind",
            "4:38 duplicate-key",
            "5:10 wrong-type",
            "6:11 wrong-type",
            "6:16 wrong-type",
            "7:3 duplicate-method",
            "8:3 wrong-type",
        ]
    );
    let proto = "syntax = \"proto3\";\npackage a;\nimport \"errwire/v1/annotations.proto\";\nmessage M {}\nservice S {\n  \
                 rpc Get(M) returns (M) {\n    option (errwire.v1.errors) = {kinds: [\"TASK_NOT_FOUND\", not_found]};\n  }\n  \
                 rpc Put(M) returns (M) {\n    option (errwire.v1.errors) = {kind: \"not_found\"};\n  }\n}\n";
    assert_eq!(
        problems(Catalog::from_proto("a.proto", proto)),
        ["7:43 unknown-kind", "7:61 wrong-type", "10:35 unknown-key"]
    );
    let elsewhere = "syntax = \"proto3\";\npackage a;\nimport \"errwire/v1/annotations.proto\";\nenum E {\n  \
                     option (errwire.v1.catalog) = {domain: \"d.example\" methods: {kinds: \"not_found\"} methods: {method: \"/\"}};\n  \
                     Z = 0;\n}\n";
    assert_eq!(problems(Catalog::from_proto("a.proto", elsewhere)), ["5:63 missing-key", "5:102 bad-method"]);
    assert!(Rule::ALL.contains(&Rule::UnknownKind));
}

#[test]
fn differences() {
    let catalog = |methods: &str| {
        Catalog::from_yaml("f", &format!("domain: d.example\nmethods: {{a.S/A: [not_found], {methods}}}")).unwrap()
    };
    let changes = |old: &str, new: &str| -> Vec<(ChangeRule, Effect)> {
        diff(&catalog(old), &catalog(new)).iter().map(|change| (change.rule(), change.effect())).collect()
    };
    let rows: [(&str, &str, &[(ChangeRule, Effect)]); 6] = [
        ("a.S/M: [gone]", "a.S/M: [gone]", &[]),
        ("a.S/M: [gone]", "a.S/M: [gone, locked]", &[(ChangeRule::MethodKindAdded, Effect::Extends)]),
        ("a.S/M: []", "a.S/M: [locked]", &[(ChangeRule::MethodKindAdded, Effect::Extends)]),
        ("a.S/M: [gone, locked]", "a.S/M: [locked]", &[(ChangeRule::MethodKindRemoved, Effect::Safe)]),
        ("", "a.S/M: [locked]", &[(ChangeRule::MethodAdded, Effect::Safe)]),
        ("a.S/M: [locked]", "", &[(ChangeRule::MethodRemoved, Effect::Safe)]),
    ];
    for (old, new, expected) in rows {
        assert_eq!(changes(old, new), expected, "{old} to {new}");
    }
    // A server does not say what methods declare.
    assert_eq!(diff(&catalog(""), &Catalog::builtin()), []);
}
