/**
 * The guard: a small shell process that outlives us and cleans up after us, however we end.
 *
 * Arguments: the folder for private directories, and a word for the name. It makes a private
 * directory, prints its path, and waits for the end of its standard input, whose other end only our
 * process holds: the kernel closes that whatever kills us. Then it ends every process that works in
 * the directory and removes it. It runs as the same account as the servers, so it can end and remove
 * nothing else.
 *
 * Processes are known by their working directory (`/proc`), never by a stored number that may belong
 * to somebody else by now; where there is no `/proc`, by the path on their command line. PostgreSQL is
 * first asked to stop at once, so that it takes its backends and shared memory along; what is left
 * after two seconds is killed. Without the word `done` our process may have died while starting a
 * program, so the sweep is repeated.
 */
export const guardScript = `
trap '' HUP INT QUIT TERM TSTP TTIN TTOU PIPE
umask 077
dir=$(mktemp -d "$1/isolab-$2-XXXXXXXXXX") || exit 1
printf '%s\\n' "$dir"
exec >/dev/null 2>&1
word=
read -r word

inhabitants() {
  if [ -e /proc/self/cwd ]; then
    ls -ld /proc/[0-9]*/cwd | while IFS= read -r line; do
      case $line in *" -> $dir"*) pid=\${line#*/proc/}; echo "\${pid%%/*}" ;; esac
    done
  else
    ps -A -o pid= -o command= | while read -r pid command; do
      case $command in *"$dir"*) [ "$pid" = $$ ] || echo "$pid" ;; esac
    done
  fi
}

ask() {
  pids=$(inhabitants)
  [ -n "$pids" ] || return
  main=$(sed -n 1p "$dir/data/postmaster.pid")
  case " "$(echo $pids)" " in *" $main "*) ;; *) return ;; esac
  kill -QUIT "$main"
  kill -CONT $pids
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -n "$(inhabitants)" ] || return
    sleep 0.1
  done
}

sweep() {
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    pids=$(inhabitants)
    [ -n "$pids" ] || break
    kill -KILL $pids
    sleep 0.1
  done
  # A PostgreSQL that was killed leaves its pid file, whose line 7 names its segment of shared memory.
  memory=$(sed -n 7p "$dir/data/postmaster.pid")
  [ -z "$memory" ] || ipcrm -m "\${memory##* }"
  rm -rf "$dir"
}

ask
sweep
[ "$word" = done ] && exit 0
for pause in 0.5 2; do
  sleep $pause
  sweep
done
`;
