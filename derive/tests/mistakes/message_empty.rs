#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 404, code = NOT_FOUND, message = " ")]
    GoneAway,
}

fn main() {}
