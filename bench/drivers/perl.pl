# perl.pl - measures Email::MIME: corpus FOLDER; prints what mime.tcl prints.
use strict;
use warnings;
use Email::MIME;
use Time::HiRes qw(clock_gettime CLOCK_PROCESS_CPUTIME_ID);

$Email::MIME::MAX_DEPTH = 1000;
my ($leaves, $octets) = (0, 0);

sub slurp {
    open my $file, '<:raw', $_[0] or die "$_[0]: $!";
    local $/;
    return <$file>;
}

sub visit {
    my ($part) = @_;
    if (($part->content_type // '') =~ m{^message/rfc822}i) { return visit(Email::MIME->new($part->body_raw)) }
    my @parts = $part->subparts;
    if (@parts) { visit($_) for @parts; return }
    $leaves++;
    $octets += length $part->body;
}

sub peak {
    open my $file, '<', '/proc/self/status' or die $!;
    while (<$file>) { return $1 if /VmHWM:\s+(\d+)/ }
}

die "usage: perl.pl corpus FOLDER\n" unless @ARGV == 2 && $ARGV[0] eq 'corpus';
my @names = sort glob "$ARGV[1]/*.eml";
splice @names, $ENV{LIMIT} if $ENV{LIMIT} && $ENV{LIMIT} < @names;
my @mails = map { slurp($_) } @names;
my $work = 0;
$work += length for @mails;
my $start = clock_gettime(CLOCK_PROCESS_CPUTIME_ID);
for my $mail (@mails) {
    my $copy = $mail;
    my $message = Email::MIME->new(\$copy);
    my @fields = $message->header_raw_pairs;
    visit($message);
}
my $seconds = clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - $start;
printf "secs=%.6g work=%d leaves=%d decoded=%d peak=%d\n", $seconds, $work, $leaves, $octets, peak();
