//! A raw HTTP/2 server that answers every call as it is told, right or wrong.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use h2::{Reason, server};
use http::{HeaderMap, Response};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

#[derive(Clone, Debug)]
pub enum Act {
    /// HTTP status and fields; whether that is all.
    Head(u16, HeaderMap, bool),
    Data(Bytes),
    /// An empty frame that ends the stream.
    End,
    Trailers(HeaderMap),
    Reset(Reason),
    GoAway(Reason),
    /// Drops the connection.
    Cut,
    Hang,
}

pub async fn serve(acts: Vec<Act>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acts = Arc::new(acts);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(talk(socket, acts.clone()));
        }
    });
    address
}

async fn talk(socket: TcpStream, acts: Arc<Vec<Act>>) -> Option<()> {
    let mut connection = server::handshake(socket).await.ok()?;
    let mut kept = Vec::new();
    loop {
        let (request, mut respond) = connection.accept().await?.ok()?;
        let mut stream = None;
        for act in acts.iter().cloned() {
            match act {
                Act::Head(status, headers, end) => {
                    let mut head = Response::new(());
                    *head.status_mut() = status.try_into().unwrap();
                    *head.headers_mut() = headers;
                    stream = Some(respond.send_response(head, end).ok()?);
                }
                Act::Data(data) => stream.as_mut()?.send_data(data, false).ok()?,
                Act::End => stream.as_mut()?.send_data(Bytes::new(), true).ok()?,
                Act::Trailers(trailers) => stream.as_mut()?.send_trailers(trailers).ok()?,
                Act::Reset(reason) => {
                    flush(&mut connection).await;
                    respond.send_reset(reason);
                }
                Act::GoAway(reason) => {
                    flush(&mut connection).await;
                    connection.abrupt_shutdown(reason);
                }
                Act::Cut => {
                    flush(&mut connection).await;
                    return None;
                }
                Act::Hang => {}
            }
        }
        kept.push((request, respond, stream));
    }
}

async fn flush(connection: &mut server::Connection<TcpStream, Bytes>) {
    let _ = timeout(Duration::from_millis(20), connection.accept()).await;
}
