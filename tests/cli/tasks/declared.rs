//! An error that a method does not declare is in the log and in a metric, and fails a test. The other tests of the example
//! would fail if there were one.

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

    #[cfg(feature = "metrics")]
    let counts = crate::support::recorder::Counts::default();
    #[cfg(feature = "metrics")]
    let counting = metrics::set_default_local_recorder(&counts);

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

    #[cfg(feature = "metrics")]
    {
        drop(counting);
        let mut counts = counts.all();
        counts.retain(|counter, _| counter.starts_with("errwire_undeclared_total "));
        let counter = |direction: &str, status: &str| {
            format!(
                "errwire_undeclared_total direction={direction},kind=task_not_found,code=NOT_FOUND,\
                 error.type=task_not_found,{status},method=tasks.v1.TaskService/GetTask"
            )
        };
        let expected = [
            (counter("grpc_server", "rpc.response.status_code=NOT_FOUND"), 1),
            (counter("http_server", "http.response.status_code=404"), 1),
        ];
        assert_eq!(counts, expected.into());
    }

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
