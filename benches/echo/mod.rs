//! A service that answers everything with what was answered to the first request.

pub(crate) mod requests;

use std::pin::Pin;

use errwire::service::{
    ErrorMapping,
    pb::{
        GrpcToHttpRequest, GrpcToHttpResponse, HttpToGrpcRequest, HttpToGrpcResponse, TranslateRequest,
        TranslateResponse,
        error_mapping_service_server::{ErrorMappingService, ErrorMappingServiceServer},
        translate_request, translate_response,
    },
};
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{
    Request, Response, Status, Streaming,
    transport::{Server, server::TcpIncoming},
};

/// What it answers.
#[derive(Clone)]
pub(crate) struct Echo {
    to_http: GrpcToHttpResponse,
    to_grpc: HttpToGrpcResponse,
}

pub(crate) async fn serve(listener: TcpListener, echo: Echo) {
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let service = ErrorMappingServiceServer::new(echo);
    Server::builder().add_service(service).serve_with_incoming(incoming).await.unwrap();
}

impl Echo {
    /// The responses of the real service, so that the sizes are the same.
    pub(crate) fn of(mapping: &ErrorMapping) -> Self {
        Self {
            to_http: mapping.grpc_to_http(requests::to_http()).unwrap(),
            to_grpc: mapping.http_to_grpc(requests::to_grpc()).unwrap(),
        }
    }

    fn answer(&self, request: TranslateRequest) -> TranslateResponse {
        let response = match request.request.unwrap() {
            translate_request::Request::GrpcToHttp(_) => translate_response::Response::GrpcToHttp(self.to_http.clone()),
            translate_request::Request::HttpToGrpc(_) => translate_response::Response::HttpToGrpc(self.to_grpc.clone()),
        };
        TranslateResponse { id: request.id, response: Some(response) }
    }
}

#[tonic::async_trait]
impl ErrorMappingService for Echo {
    type TranslateStream = Pin<Box<dyn Stream<Item = Result<TranslateResponse, Status>> + Send>>;

    async fn grpc_to_http(&self, _: Request<GrpcToHttpRequest>) -> Result<Response<GrpcToHttpResponse>, Status> {
        Ok(Response::new(self.to_http.clone()))
    }

    async fn http_to_grpc(&self, _: Request<HttpToGrpcRequest>) -> Result<Response<HttpToGrpcResponse>, Status> {
        Ok(Response::new(self.to_grpc.clone()))
    }

    async fn translate(
        &self,
        requests: Request<Streaming<TranslateRequest>>,
    ) -> Result<Response<Self::TranslateStream>, Status> {
        let echo = self.clone();
        let answers = requests.into_inner().map(move |request| request.map(|request| echo.answer(request)));
        Ok(Response::new(Box::pin(answers)))
    }
}
