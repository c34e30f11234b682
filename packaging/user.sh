# SPDX-License-Identifier: GPL-3.0-or-later
# Who builds and runs: sourced by packaging/run and tests/run, which set source_dir and define say.

demo_user=avocet-demo

# The user who builds and runs: never root.
choose_user() {
    if [[ $EUID -ne 0 ]]; then
        id -un
    elif [[ -n ${SUDO_USER:-} && $SUDO_USER != root ]]; then
        echo "$SUDO_USER"
    else
        id "$demo_user" >/dev/null 2>&1 ||
            useradd --create-home --shell /bin/bash --comment "Avocet demo" "$demo_user" >&2
        echo "$demo_user"
    fi
}

# Root hands over to the unprivileged user; the display's cookie goes along where there is one.
run_as() {
    local user=$1 home runtime
    shift
    if [[ $EUID -ne 0 ]]; then
        exec env "$@"
    fi
    home=$(getent passwd "$user" | cut -d: -f6)
    runtime=/run/user/$(id -u "$user")
    if [[ ! -d $runtime ]]; then
        runtime=$home/.avocet-runtime
        install -d -m 700 -o "$user" "$runtime"
    fi
    local keep=()
    for name in DISPLAY WAYLAND_DISPLAY LANG TZ AVOCET_THEME http_proxy https_proxy; do
        [[ -z ${!name:-} ]] || keep+=("$name=${!name}")
    done
    if [[ -n ${DISPLAY:-} ]]; then
        local cookie=${XAUTHORITY:-$HOME/.Xauthority}
        if [[ -r $cookie && $user == "$demo_user" ]]; then
            install -m 600 -o "$user" "$cookie" "$runtime/Xauthority"
            cookie=$runtime/Xauthority
        fi
        keep+=("XAUTHORITY=$cookie")
    fi
    exec setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --reset-env \
        env "HOME=$home" "USER=$user" "LOGNAME=$user" "XDG_RUNTIME_DIR=$runtime" "${keep[@]}" "$@"
}

# A tree that the user can read is built in place; else a copy in the user's home is.
prepare_tree() {
    local user=$1 build=$2 home
    if [[ $EUID -ne 0 ]]; then
        return
    fi
    if setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups \
        test -r "$source_dir/CMakeLists.txt" 2>/dev/null; then
        # The build's own folder changes hands, nothing else of the tree.
        install -d -o "$user" "$source_dir/$build"
        chown -R "$user" "$source_dir/$build"
    else
        home=$(getent passwd "$user" | cut -d: -f6)
        say "$user cannot read $source_dir, building a copy in $home/avocet"
        install -d -o "$user" "$home/avocet"
        tar -C "$source_dir" --exclude=./build --exclude=./.git -cf - . | tar -C "$home/avocet" -xf -
        chown -R "$user" "$home/avocet"
        source_dir=$home/avocet
    fi
}
