//! An error that a method does not declare is in the log, and fails a test. All other tests of the example show that there
//! is none.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use errwire::{Translator, catalog::Method};
use serde_json::Value;
use tracing_subscriber::{fmt, layer::SubscriberExt};

use super::{app::Errors, product::Product};

/// The catalog of the protos, in which one method does not declare one kind.
fn without(name: &str, kind: &str) -> Translator {
    let catalog = Errors::default().translator.catalog();
    let methods = catalog.methods().map(|method| {
        let kinds = method.kinds().filter(|declared| method.name() != name || *declared != kind);
        Method::new(method.name(), kinds).with_routes(method.routes().iter().cloned())
    });
    let methods: Vec<Method> = methods.collect();
    Translator::new(catalog.with_methods(methods))
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn is_seen() {
    // With one subscriber alone, tracing asks that of the thread that meets an event first, which may be another test's.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let log = Log::default();
    let writer = log.clone();
    let lines = fmt::layer().json().flatten_event(true).with_writer(move || writer.clone());
    let logging = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines));

    let product = Product::with_translator(without("tasks.v1.TaskService/GetTask", "task_not_found")).await;
    // Declared by the other method still.
    assert_eq!(product.request("POST", "/v1/tasks/tsk_0/runs", "key_live", "").await.status(), 404);
    assert!(product.declared.take().is_empty());
    let response = product.request("GET", "/v1/tasks/tsk_0", "key_live", "").await;
    assert!(response.body().starts_with(br#"{"kind":"task_not_found","#));
    // Of the service, and of the facade that passes it on.
    let undeclared = "tasks.v1.TaskService/GetTask does not declare task_not_found";
    assert_eq!(product.declared.take(), [undeclared, undeclared]);
    product.stop().await;

    drop(logging);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines = lines.iter().filter(|line| line["kind"] == "task_not_found");
    let seen: Vec<_> = lines.map(|line| (line["direction"].as_str(), line["undeclared"].as_str())).collect();
    let method = Some("tasks.v1.TaskService/GetTask");
    let expected = [
        (Some("grpc_server"), Some("")),
        (Some("http_server"), Some("")),
        (Some("grpc_server"), method),
        (Some("http_server"), method),
    ];
    assert_eq!(seen, expected, "{log}");
}
