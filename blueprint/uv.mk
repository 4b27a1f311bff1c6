# Finds uv, or brings it into .tools/ of this checkout. Every Makefile includes this file; the makes and
# programs that a recipe starts inherit UV (and UV_PYTHON, where it is needed). It asks nothing and
# touches nothing outside the checkout and uv's own cache.

MAKEFLAGS += --no-print-directory

pythons := python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11

# Prints where uv is: the machine's own, else a private one that is installed once and kept.
# (make joins the lines of a shell call, hence the semicolons.)
define find-uv
command -v uv && exit;
uv='$(CURDIR)/.tools/bin/uv';
[ -x "$$uv" ] && echo "$$uv" && exit;
echo 'No uv on this machine: bringing one into .tools/ of this checkout.' >&2;
for python in $(pythons); do
    rm -rf .tools;
    if "$$python" -m venv .tools; then
        said=$$(.tools/bin/python -m pip install -q uv 2>&1); break;
    elif rm -rf .tools; "$$python" -m pip --version; then
        said=$$("$$python" -m pip install -q --target .tools uv 2>&1); break;
    fi;
done >/dev/null 2>&1;
[ -x "$$uv" ] && echo "$$uv" && exit;
rm -rf .tools;
echo "$${said:-Neither uv nor a Python that could install it is here: install python3-venv (or uv), then try again.}" >&2
endef

# Prints a Python to use instead when the one that .python-version names is not on this machine.
define find-python
"$(UV)" python find --system --no-project --no-python-downloads "$$(cat .python-version)" >/dev/null 2>&1 && exit;
for python in $(pythons); do
    "$$python" -c 'import sys; print(sys.executable * (sys.version_info >= (3, 11)))' | grep . && exit;
done 2>/dev/null
endef

ifneq ($(filter-out help,$(MAKECMDGOALS)),)
  ifndef UV
    UV := $(shell $(find-uv))
    $(if $(UV),,$(error uv is needed; the lines above say what is in the way))
  endif
  export UV
  ifndef UV_PYTHON
    UV_PYTHON := $(shell $(find-python))
  endif
  ifneq ($(UV_PYTHON),)
    export UV_PYTHON
  endif

  # A company proxy's certificate is known to the system, not to uv's own list.
  ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
    export UV_SYSTEM_CERTS ?= true
  endif
endif
