#!/bin/sh
# Development certificates and keys in DIR (mode 0600), for one bureau and one kiosk on this machine.
# What is there already stays. KIOSK_ID names the kiosk (000003); GUICHET_BUREAU the program.
set -eu
[ $# -eq 1 ] || { echo "usage: make-dev-certs.sh DIR" >&2; exit 2; }
dir=$1
kiosk=${KIOSK_ID:-000003}
bureau=${GUICHET_BUREAU:-guichet-bureau}
days=825
umask 077
mkdir -p "$dir"

make_key() { # NAME
    [ -s "$dir/$1.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/$1.key" 2>/dev/null
}

make_certificate() { # NAME COMMON_NAME EXTENSIONS
    [ ! -s "$dir/$1.pem" ] || return 0
    make_key "$1"
    openssl req -new -key "$dir/$1.key" -subj "/O=Guichet development/CN=$2" -out "$dir/$1.csr"
    printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" "$3" >"$dir/$1.ext"
    openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days $days -sha256 \
        -set_serial "0x$(openssl rand -hex 16)" -extfile "$dir/$1.ext" -out "$dir/$1.new" 2>/dev/null
    mv "$dir/$1.new" "$dir/$1.pem"
    rm -f "$dir/$1.csr" "$dir/$1.ext"
}

if [ ! -s "$dir/ca.pem" ]; then
    make_key ca
    openssl req -x509 -new -key "$dir/ca.key" -days $days -sha256 -subj "/O=Guichet development/CN=Guichet development CA" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$dir/ca.new"
    mv "$dir/ca.new" "$dir/ca.pem"
fi
make_certificate server localhost "$(printf '%s\n' "extendedKeyUsage=serverAuth" "subjectAltName=DNS:localhost,IP:127.0.0.1")"
make_certificate kiosk "kiosk-$kiosk" "extendedKeyUsage=clientAuth"
"$bureau" make-sealing-key "$dir"
