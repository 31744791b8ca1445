//! The example, running on free ports, and how to call it.

use std::{io, iter, net::SocketAddr, sync::Arc, thread};

use bytes::Bytes;
use clap::Parser;
use errwire::{
    Error, Translator,
    layer::{RequireDeclared, TraceErrors},
};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};
use tonic::transport::{Channel, Endpoint};

use super::app::{self, Addresses, App, Args, Command, Errors};

pub(crate) struct Product {
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
    /// Fails a test in which a method answers with what it does not declare.
    pub(crate) declared: RequireDeclared,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<io::Result<()>>>,
}

impl Product {
    pub(crate) async fn start() -> Self {
        Self::with_translator(Errors::default().translator).await
    }

    /// By another catalog than that of the protos.
    pub(crate) async fn with_translator(translator: Translator) -> Self {
        let declared = RequireDeclared::new();
        let (grpc, http) = ("127.0.0.1:0".to_owned(), "127.0.0.1:0".to_owned());
        let observer = (TraceErrors, declared.observer());
        #[cfg(feature = "metrics")]
        let observer = (observer, errwire::layer::CountErrors);
        let errors = Errors { translator, observer: Arc::new(observer) };
        let app = App::bind(&Addresses { grpc, http }).await.unwrap().with_errors(errors);
        let (grpc, http) = (app.grpc_address().unwrap(), app.http_address().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(app.serve(async { drop(stopped.await) }));
        Self { grpc, http, declared, stop: Some(stop), serving: Some(serving) }
    }

    /// Stops the servers, which end without a failure.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        self.serving.take().unwrap().await.unwrap().unwrap();
    }

    /// Makes a request with this key, if there is one, and with this JSON, if there is any.
    pub(crate) async fn request(&self, method: &str, path: &str, key: &str, json: &str) -> Response<Bytes> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.http));
        if !key.is_empty() {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if !json.is_empty() {
            request = request.header("content-type", "application/json");
        }
        self.send(request.body(Full::from(json.to_owned())).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Response<Bytes> {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let (head, body) = client.request(request).await.unwrap().into_parts();
        Response::from_parts(head, body.collect().await.unwrap().to_bytes())
    }

    /// Makes the call that these arguments of the client ask for, and gives its responses and its error.
    pub(crate) async fn call<I: AsRef<str>>(&self, args: impl IntoIterator<Item = I>) -> (Vec<Value>, Option<Error>) {
        let (answers, error) = self.call_for_text(args).await;
        (answers.iter().map(|answer| serde_json::from_str(answer).unwrap()).collect(), error)
    }

    /// The same, with the responses as they are printed.
    pub(crate) async fn call_for_text<I: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = I>,
    ) -> (Vec<String>, Option<Error>) {
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned());
        let args = Args::try_parse_from(iter::once("tasks".to_owned()).chain(args)).unwrap();
        let Command::Call(call) = args.command else { panic!("no call") };
        let mut answers = Vec::new();
        let mut client = app::connect(&self.grpc.to_string()).unwrap();
        let made = app::call(&mut client, call, &mut |answer| answers.push(answer)).await;
        (answers, made.err())
    }

    /// A connection to the service with no layer on it.
    pub(crate) async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.grpc)).unwrap().connect().await.unwrap()
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let ended = self.serving.as_ref().is_some_and(JoinHandle::is_finished);
        assert!(!ended || thread::panicking(), "the servers ended by themselves");
    }
}
